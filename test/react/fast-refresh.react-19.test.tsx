import { expect, it, vi } from 'vitest'
// What Vite serves to pages in development; it must be there before react-dom.
// @ts-expect-error It has no types.
import * as served from '../../node_modules/@vitejs/plugin-react/dist/refresh-runtime.js'

interface RefreshRuntime {
  injectIntoGlobalHook(window: object): void
  register(component: unknown, id: string): void
  validateRefreshBoundaryAndEnqueueUpdate(id: string, before: object, after: object): string | undefined
}

// A seam: see above.
const runtime = served as RefreshRuntime

it.each([
  ['shared', undefined],
  ['private', () => ({ authorization: 'a' })],
])('keeps the connection of a %s stream, its cursor and its data', async (name, headers) => {
  runtime.injectIntoGlobalHook(window)
  vi.stubGlobal('$RefreshReg$', () => {})
  const { act, cleanup, render } = await import('@testing-library/react')
  const { SSEProvider, useSSE } = await import('eventwire')
  const { harness } = await import('../client/harness.js')
  const { client, clock, transport } = harness()
  const version = (label: string) => {
    const Panel = () => {
      const { data, lastEventId } = useSSE<number>({ url: '/events', headers })
      return <p>{`${label} ${String(data)} ${lastEventId}`}</p>
    }
    runtime.register(Panel, `Panel ${name}`)
    return Panel
  }
  const Panel = version('before')
  const { container } = render(
    <SSEProvider client={client}>
      <Panel />
    </SSEProvider>,
  )
  const stream = await act(() => transport.connected())
  act(() => stream.send({ id: '7', data: 1 }))
  await act(() => clock.advance(16))
  expect(container.textContent).toBe('before 1 7')

  const refuses = runtime.validateRefreshBoundaryAndEnqueueUpdate('panel.tsx', { Panel }, { Panel: version('after') })
  expect(refuses).toBeUndefined()
  await act(() => vi.waitFor(() => expect(container.textContent).toMatch(/after/)))
  await act(() => clock.advance(16))
  expect(container.textContent).toBe('after 1 7')
  expect(transport.connections.map(({ state }) => state)).toEqual(['open'])
  cleanup()
  vi.unstubAllGlobals()
})
