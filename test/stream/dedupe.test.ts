import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { harness } from '../client/harness.js'

beforeEach(() => void vi.spyOn(console, 'warn').mockReturnValue())
afterEach(() => vi.restoreAllMocks())

/** What is heard of the events of each connection, with so many ids remembered. */
async function heard(dedupe: number | undefined, ...connections: [id: string | undefined, data: string][][]) {
  const { client, clock, transport } = harness({ retry: { jitter: false } })
  const seen: unknown[] = []
  const reader = client.subscribe('/events', {
    ...(dedupe !== undefined && { dedupe }),
    decode: 'text',
    onMessage: (data) => seen.push(data),
  })
  for (const events of connections) {
    const stream = await transport.connected()
    for (const [id, data] of events) stream.send({ ...(id !== undefined && { id }), data })
    stream.drop()
    await clock.advance(30_000)
  }
  return { seen, reader }
}

describe('dedupe', () => {
  it('drops what a server replays a second time, the event of the cursor too', async () => {
    const twice: [string, string][][] = [
      [['1', '1'], ['2', '2'], ['3', '3']],
      [['3', '3'], ['4', '4']],
      [['2', '2'], ['3', '3'], ['4', '4'], ['5', '5']],
    ]
    const { seen, reader } = await heard(10, ...twice)
    expect(seen).toEqual(['1', '2', '3', '4', '5'])
    expect(reader.getSnapshot().lastEventId).toBe('5')
    expect((await heard(undefined, ...twice)).seen).toEqual(['1', '2', '3', '3', '4', '2', '3', '4', '5'])
  })

  it('drops no event without an id of its own, however often it says the same', async () => {
    const { seen } = await heard(10, [['1', 'a'], [undefined, 'b'], [undefined, 'b']], [[undefined, 'c']])
    expect(seen).toEqual(['a', 'b', 'b', 'c'])
  })

  it.each<[string, [string, string][][]]>([
    ['an id that comes with other data', [[['1', 'a'], ['2', 'b']], [['2', 'other'], ['1', 'new'], ['2', 'newer']]]],
    ['a count that begins again', [[['5', 'a'], ['6', 'b']], [['1', 'c'], ['5', 'd'], ['6', 'e']]]],
  ])('%s switches it off, and says so', async (_, connections) => {
    const { seen } = await heard(10, ...connections)
    expect(seen).toEqual(connections.flat().map(([, data]) => data))
    expect(vi.mocked(console.warn).mock.calls).toEqual([[expect.stringMatching(/dedupe is switched off/)]])
  })

  it('remembers so many and no more', async () => {
    const { seen } = await heard(2, [['1', '1'], ['2', '2'], ['3', '3'], ['4', '4']], [['x', '1'], ['4', '4'], ['x', '1']])
    expect(seen).toEqual(['1', '2', '3', '4', '1'])
  })
})
