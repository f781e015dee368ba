import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import { createGzip } from 'node:zlib'
import { createSSEClient } from 'eventwire/core'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'

// Each test looks for a warning that another may have had: the module remembers what it has said.
afterEach(() => {
  vi.restoreAllMocks()
  vi.resetModules()
})

/** What comes when, as a page sees it: bytes of reads, and the beats and events in each. */
async function warned(reads: readonly { readonly after: number; readonly bytes?: number; readonly beats?: number; readonly events?: number; readonly whole?: boolean }[]) {
  const warn = vi.spyOn(console, 'warn').mockReturnValue()
  let now = 0
  // A module of its own: what was warned of before is warned of again.
  const { createBuffering } = await import('../../src/transports/buffering.js')
  const buffering = createBuffering(() => now)
  for (const { after, bytes = 100, beats = 0, events = 0, whole = true } of reads) {
    now += after
    buffering.read(new Uint8Array(bytes).fill(whole ? 0x0a : 0x61))
    for (let beat = 0; beat < beats; beat++) buffering.comment()
    for (let event = 0; event < events; event++) buffering.event('metrics')
  }
  return warn.mock.calls.map(([text]) => String(text))
}

const times = <T>(count: number, row: T): T[] => Array.from({ length: count }, () => row)

describe('a stream that something buffers', () => {
  it.each<[string, Parameters<typeof warned>[0], RegExp]>([
    ['nginx passes its buffer on when it is full', times(5, { after: 200, bytes: 4096, events: 19, whole: false }), /reads of exactly 4096 bytes/],
    ['with a compression that is never flushed', times(3, { after: 12_000, bytes: 60_000, beats: 12, events: 300 }), /several heartbeats at once/],
    ['a burst in several reads', times(3, [{ after: 8_000, bytes: 16_384, beats: 2 }, { after: 1, bytes: 16_384, beats: 2 }]).flat(), /several heartbeats/],
  ])('%s: said once, with the cure', async (_, reads, sign) => {
    const said = await warned([...reads, ...reads])
    expect(said).toEqual([expect.stringMatching(sign)])
    expect(said[0]).toMatch(/X-Accel-Buffering: no.*no-transform.*proxy_buffering off/)
  })

  it.each<[string, Parameters<typeof warned>[0]]>([
    ['a heartbeat every 15 s', times(20, { after: 15_000, bytes: 4, beats: 1 })],
    ['a heartbeat of twenty lines', times(20, { after: 15_000, bytes: 400, beats: 20 })],
    ['padding at the start, in many comments', [{ after: 4_000, bytes: 4096, beats: 40 }, ...times(20, { after: 15_000, bytes: 4, beats: 1 })]],
    ['many events at once, now and then', times(20, { after: 10_000, bytes: 9_000, events: 200 })],
    ['a replay after each reconnect', [{ after: 0, bytes: 65_536, events: 500, whole: false }, ...times(9, { after: 1_000, bytes: 90, events: 1 })]],
    ['a bulk of megabytes', times(50, { after: 1, bytes: 65_536, events: 500, whole: false })],
    ['a machine that slept, twice', times(2, [{ after: 60_000, bytes: 4096, beats: 4 }, ...times(5, { after: 15_000, bytes: 4, beats: 1 })]).flat()],
    ['a network that hangs at times', times(5, [{ after: 5_000, bytes: 2_000, beats: 10, events: 9 }, ...times(9, { after: 500, bytes: 4, beats: 1 })]).flat()],
    ['events of exactly a kilobyte', times(20, { after: 500, bytes: 1024, events: 1 })],
    ['tokens of a language model', times(500, { after: 30, bytes: 60, events: 1 })],
    ['a quiet stream', times(5, { after: 600_000, bytes: 80, events: 1 })],
  ])('healthy: %s, and nothing is said', async (_, reads) => {
    expect(await warned(reads)).toEqual([])
  })
})

/** A server that beats and counts, and what lies between it and the page. */
async function through(pipe: (response: ServerResponse) => { write(text: string): unknown }) {
  const server = createServer((_, response) => {
    const out = pipe(response)
    let id = 0
    const timer = setInterval(() => out.write(++id % 5 ? `id: ${id}\ndata: "${randomBytes(50).toString('hex')}"\n\n` : ': beat\n\n'), 1)
    response.on('close', () => clearInterval(timer))
  }).listen(0, '127.0.0.1')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`
}

describe('over a real server', () => {
  const HEAD = { 'Content-Type': 'text/event-stream' }

  it('whose answer a compression holds back', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    const url = await through((response) => {
      response.writeHead(200, { ...HEAD, 'Content-Encoding': 'gzip' })
      const gzip = createGzip()
      gzip.pipe(response)
      return gzip
    })
    // Twenty times as fast as the wall: a burst of every half second is one of every ten.
    const start = Date.now()
    const clock = { ...(await import('../../src/protocol/clock.js')).systemClock, now: () => start + (Date.now() - start) * 20 }
    const leave = createSSEClient({ clock }).subscribe(url)
    await vi.waitFor(() => expect(warn.mock.calls).toEqual([[expect.stringMatching(/buffers the stream \(several heartbeats at once/)]]), 10_000)
    leave()
  })
})
