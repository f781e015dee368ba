import { describe, expect, it } from 'vitest'
import { openerOf, stackOfNow } from '../../src/testing/opener.js'

const v8 = (...frames: string[]) => ['Error: who', ...frames.map((frame) => `    at ${frame}`)].join('\n')
const hooks = ['Object.bind (/kit.js:1:1)', 'useMemo (/react.js:2:2)', 'useSSE (/use-sse.js:3:3)', 'useOwn (/src/own.ts:4:4)']

describe('openerOf', () => {
  it.each<[what: string, stack: string, opener: string]>([
    [
      'a component of React 19, through a hook of its own',
      v8(...hooks, 'Panel (file:///src/panel.tsx:5:5)', 'Object.react_stack_bottom_frame (/dom.js:6:6)', 'renderWithHooks (/dom.js:7:7)'),
      '<Panel> (/src/panel.tsx:5:5)',
    ],
    [
      'a component of React 18, on a page',
      v8(...hooks, 'Panel (http://localhost:5173/src/panel.tsx?t=17:5:5)', 'renderWithHooks (/dom.js:7:7)'),
      '<Panel> (/src/panel.tsx:5:5)',
    ],
    [
      'Firefox and Safari',
      ['bind@http://x/kit.js:1:1', 'useSSE@http://x/use-sse.js:3:3', 'Panel@http://x/src/panel.tsx:5:5', 'renderWithHooks@http://x/dom.js:6:6'].join('\n'),
      '<Panel> (/src/panel.tsx:5:5)',
    ],
    [
      'an effect that subscribes',
      v8('bind (/kit.js:1:1)', 'Object.subscribe (/client.js:2:2)', '/src/panel.tsx:8:9', 'Object.react_stack_bottom_frame (/dom.js:6:6)'),
      'an effect (/src/panel.tsx:8:9)',
    ],
    ['a function that subscribes', v8('bind (/kit.js:1:1)', 'Object.subscribe (/client.js:2:2)', 'startFeed (/src/feed.ts:3:4)'), 'startFeed (/src/feed.ts:3:4)'],
    ['code at the top that subscribes', v8('Object.subscribe (/client.js:2:2)', '/src/feed.ts:3:4'), 'code (/src/feed.ts:3:4)'],
    ['minified code', v8('t (/a.js:1:1)', 'n (/a.js:1:2)'), 'someone'],
    ['an engine without stacks', '', 'someone'],
  ])('%s', (_, stack, opener) => {
    expect(openerOf(stack)).toBe(opener)
  })
})

it('stackOfNow is deep, and leaves the limit as it was', () => {
  const before = Error.stackTraceLimit
  const dive = (depth: number): { stack: string } => ({ ...(depth === 0 ? { stack: stackOfNow() } : dive(depth - 1)) })
  expect(dive(40).stack.match(/dive/g)).toHaveLength(41)
  expect(Error.stackTraceLimit).toBe(before)
})
