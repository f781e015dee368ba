import { act, render } from '@testing-library/react'
import type { SSEProviderProps } from 'eventwire'
import { SSEProvider, useSSE } from 'eventwire'
import type { Transport } from 'eventwire/core'
import { type } from 'arktype'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { harness } from '../client/harness.js'
import { reactHarness } from './setup.js'

const Cell = () => <i>{JSON.stringify(useSSE('/events').data)}</i>

function below(defaults: SSEProviderProps) {
  const all = harness()
  const page = (given: SSEProviderProps) => (
    <SSEProvider client={all.client} {...given}>
      <Cell />
    </SSEProvider>
  )
  const { rerender, container } = render(page(defaults))
  return { ...all, container, rerender: (given: SSEProviderProps) => rerender(page(given)) }
}

const node = z.object({
  cpu: z.number(),
  get parts() {
    return z.array(node).optional()
  },
})

it.each([
  ["arktype's, which are functions", type({ cpu: 'number' })],
  ["zod's, which may be circular", node],
])('takes schemas as the default decoder: %s', async (_, decode) => {
  const { clock, container, transport } = below({ decode })
  const stream = await act(() => transport.connected())
  act(() => stream.send({ data: { cpu: 1 } }))
  expect(container.textContent).toBe('{"cpu":1}')
  act(() => stream.send({ data: { cpu: 'hot' } }))
  await act(() => clock.advance(16))
  expect(container.textContent).toBe('{"cpu":1}')
})

it('decodes with the newest of them, over one connection', async () => {
  const { container, rerender, transport } = below({ decode: z.object({ cpu: z.number() }) })
  const stream = await act(() => transport.connected())
  rerender({ decode: z.object({ cpu: z.number().transform((cpu) => cpu * 100) }) })
  act(() => stream.send({ data: { cpu: 1 } }))
  expect(container.textContent).toBe('{"cpu":100}')
  expect(transport.connections).toHaveLength(1)
})

it('takes a transport that is an instance of a class, whatever it holds', async () => {
  const { transport } = harness()
  class Mine implements Transport {
    readonly self = this
    get name() {
      return 'mine'
    }
    get can() {
      return transport.can
    }
    open(...given: Parameters<Transport['open']>) {
      return transport.open(...given)
    }
  }
  const { container } = below({ transport: new Mine() })
  const stream = await act(() => transport.connected())
  act(() => stream.send({ data: 1 }))
  expect(container.textContent).toBe('1')
})

it('two providers of two users, with one function between them: each stream opens with its own user\'s token after a 401', async () => {
  const worlds = ['anna', 'bert'].map((user) => ({ user, ...reactHarness() }))
  let asking = ''
  const answers: (() => void)[] = []
  // As a framework's `cookies()`: who is asked for depends on who asks.
  const headers = async ({ reason }: { reason: string }) => {
    const user = asking
    if (reason === 'unauthorized') await new Promise<void>((resolve) => answers.push(resolve))
    return { authorization: `${reason} ${user}` }
  }
  const Reader = () => <p>{useSSE('/events', { headers }).status}</p>
  for (const { user, client, transport, advance } of worlds) {
    asking = user
    render(
      <SSEProvider client={client}>
        <Reader />
      </SSEProvider>,
    )
    const attempt = await act(() => transport.attempted())
    act(() => attempt.respond(401))
    await advance(1)
  }
  act(() => answers.splice(0).forEach((answer) => answer()))
  const sent: (string | undefined)[] = []
  for (const { transport } of worlds) sent.push((await act(() => transport.attempted())).request.headers['authorization'])
  expect(sent).toEqual(['unauthorized anna', 'unauthorized bert'])
})
