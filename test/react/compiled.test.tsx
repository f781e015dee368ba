import { useSSE, useSSEEvent, useSSEReducer } from 'eventwire'
import { expect, inject, it } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /** Whether the React Compiler compiles the hooks and these tests. */
    compiled: boolean
  }
}

it('the compiler leaves no hook out, where there is one', () => {
  // What compiled functions begin with: a cache of so many slots.
  const compiled = [useSSE, useSSEEvent, useSSEReducer].map((hook) => /const \$ = .*\bc\)?\(\d+\)/.test(hook.toString()))
  expect(compiled).toEqual(Array(3).fill(inject('compiled')))
})
