import { fetchTransport, openSSE, SSEError } from 'eventwire/core'
import type { OpenOptions, SSEEvent } from 'eventwire/core'
import { cases } from '../../conformance/cases.js'
import { cutAt, parse } from '../../conformance/parse.js'
import { readStream } from '../../transports/read-chunks.js'
import { fromUTF8, utf8 } from '../../../src/testing/conformance/wire-cases.js'
import { freePort } from '../free-port.ts'
import type { Check } from './check.js'

/** Waits are short, and an end is an end unless a check says otherwise. */
const brief = { retry: { baseMs: 1, maxMs: 1 }, decode: 'text' } as const

/** Reads until the loop ends by itself, or after so many events. */
async function read(options: OpenOptions, count = Infinity): Promise<string[]> {
  const seen: string[] = []
  for await (const { type, data, lastEventId } of openSSE({ ...brief, ...options })) {
    seen.push(`${type} ${String(data)} ${lastEventId}`)
    if (seen.length >= count) break
  }
  return seen
}

/** The code that a loop fails with. */
async function failure(options: OpenOptions): Promise<string> {
  const error: unknown = await read(options).then(
    (seen) => new Error(`ended after ${seen.length} events`),
    (reason: unknown) => reason,
  )
  if (error instanceof SSEError) return [error.code, error.status].filter(Boolean).join(' ')
  throw error
}

const held = (text: string) => ({ chunks: [utf8(text)], after: 'hold' }) as const
const bytewise = (text: string) => Array.from(utf8(text), (byte) => Uint8Array.of(byte))

const arriving: readonly Check[] = [
  [
    "the standard's vectors, over HTTP and through the parser",
    async ({ serve, same }) => {
      for (const { name, bytes, events, retries, lastEventId } of cases) {
        const expected = { events, retries, lastEventId }
        const { url } = await serve({ chunks: [bytes] })
        same(await readStream(fetchTransport(), url), expected, name)
        for (let split = 0; split <= bytes.length; split++) {
          const parsed = parse(cutAt(bytes, [split]))
          const reading = { events: parsed.events, retries: parsed.retries, lastEventId: parsed.lastEventId }
          same(reading, expected, `${name}, split at ${split}`)
        }
      }
    },
  ],
  [
    'named events, in order',
    async ({ serve, same }) => {
      const { url } = await serve(held('id: 1\nevent: a\ndata: x\n\nevent: b\ndata: y\n\ndata: z\n\n'))
      same(await read({ url }, 3), ['a x 1', 'b y 1', 'message z 1'], 'events')
    },
  ],
  [
    'JSON, by type',
    async ({ serve, same }) => {
      const { url } = await serve(held('event: n\ndata: {"n":1}\n\nevent: n\ndata: {"n":2}\n\n'))
      const seen: unknown[] = []
      for await (const event of openSSE({ url, events: { n: 'json' } })) if (seen.push(event.data) === 2) break
      same(seen, [{ n: 1 }, { n: 2 }], 'data')
    },
  ],
  [
    'UTF-8, cut within its characters',
    async ({ serve, same }) => {
      const { url } = await serve({ chunks: bytewise('id: π\ndata: €🙂é\n\n'), after: 'hold' })
      same(await read({ url }, 1), ['message €🙂é π'], 'events')
    },
  ],
  [
    'a byte order mark, and all three line ends, byte after byte',
    async ({ serve, same }) => {
      const { url } = await serve({ chunks: bytewise('\ufeffdata: 1\r\n\r\ndata: 2\r\rdata: 3\n\n'), after: 'hold' })
      same(await read({ url }, 3), ['message 1 ', 'message 2 ', 'message 3 '], 'events')
    },
  ],
  [
    'a large event',
    async ({ serve, same }) => {
      const data = 'x'.repeat(1_000_000)
      const { url } = await serve(held(`data: ${data}\n\n`))
      same((await read({ url }, 1))[0]?.length, data.length + 'message  '.length, 'size')
    },
  ],
  [
    'many events to a reader that is slow at first: all of them',
    async ({ serve, same }) => {
      const count = 20_000
      const chunks = Array.from({ length: 20 }, (_, part) =>
        utf8(Array.from({ length: count / 20 }, (__, at) => `data: ${(part * count) / 20 + at}\n\n`).join('')),
      )
      const { url } = await serve({ chunks, after: 'hold' })
      const seen: SSEEvent[] = []
      for await (const event of openSSE({ ...brief, url })) {
        if (seen.push(event) === 1) await new Promise((resolve) => setTimeout(resolve, 50))
        if (seen.length === count) break
      }
      same(seen.every(({ data }, index) => data === String(index)), true, 'order')
    },
  ],
  [
    'until its last event',
    async ({ serve, same, released }) => {
      const stream = await serve(held('data: 1\n\ndata: [DONE]\n\ndata: 2\n\n'))
      same(await read({ url: stream.url, until: ({ raw }) => raw === '[DONE]' }), ['message 1 '], 'events')
      await released(stream)
    },
  ],
]

const comingBack: readonly Check[] = [
  ...(['drop', 'reset', 'end'] as const).map(
    (how): Check => [
      `resumes, nothing twice: ${how}`,
      async ({ serve, same }) => {
        const first = { chunks: [utf8('id: 7\ndata: 1\n\n')], after: how === 'end' ? 'end' : 'hold' } as const
        const stream = await serve(first, held('id: 8\ndata: 2\n\n'))
        const seen: unknown[] = []
        for await (const { data } of openSSE({ ...brief, url: stream.url })) {
          if (seen.push(data) === 2) break
          if (how !== 'end') await stream[how]()
        }
        same(seen, ['1', '2'], 'data')
        same((await stream.requests()).map(({ headers }) => headers['last-event-id'] ?? null), [null, '7'], 'cursors')
      },
    ],
  ),
  [
    'a cursor that is not ASCII, as UTF-8',
    async ({ serve, same }) => {
      const stream = await serve(held('data: 1\n\n'))
      await read({ url: stream.url, lastEventId: 'π-7 ☕' }, 1)
      same(fromUTF8((await stream.requests())[0]?.headers['last-event-id']), 'π-7 ☕', 'Last-Event-ID')
    },
  ],
  [
    '503, then again',
    async ({ serve, same }) => {
      const stream = await serve({ status: 503 }, { status: 503 }, held('data: 1\n\n'))
      same(await read({ url: stream.url }, 1), ['message 1 '], 'events')
      same((await stream.requests()).length, 3, 'requests')
    },
  ],
  [
    '401: asks once more for credentials',
    async ({ serve, same }) => {
      const stream = await serve({ status: 401 }, held('data: 1\n\n'))
      let token = 0
      await read({ url: stream.url, headers: async () => ({ authorization: `token ${token++}` }) }, 1)
      const sent = (await stream.requests()).map(({ headers }) => headers['authorization'])
      same(sent, ['token 0', 'token 1'], 'authorization')
    },
  ],
]

const ending: readonly Check[] = [
  [
    '204: over',
    async ({ serve, same }) => {
      const stream = await serve({ status: 204 })
      same(await read({ url: stream.url }), [], 'events')
      same((await stream.requests()).length, 1, 'requests')
    },
  ],
  ...([
    ['404', { status: 404 }, 'status 404'],
    ['HTML', { headers: { 'Content-Type': 'text/html' } }, 'content-type 200'],
  ] as const).map(
    ([what, answer, code]): Check => [
      `${what}: fails, and asks no more`,
      async ({ serve, same }) => {
        const stream = await serve(answer)
        same(await failure({ url: stream.url }), code, 'error')
        same((await stream.requests()).length, 1, 'requests')
      },
    ],
  ),
  [
    'nobody listens: fails after its attempts',
    async ({ same }) => {
      const url = `http://127.0.0.1:${await freePort()}/`
      same(await failure({ url, retry: { attempts: 1, baseMs: 1 } }), 'network', 'error')
    },
  ],
  [
    'an event that is too large',
    async ({ serve, same, released }) => {
      const stream = await serve(held(`data: ${'x'.repeat(1_000)}\n\n`))
      same(await failure({ url: stream.url, maxEventSize: 100 }), 'too-large', 'error')
      await released(stream)
    },
  ],
  [
    'break lets the connection go',
    async ({ serve, released }) => {
      const stream = await serve(held('data: 1\n\ndata: 2\n\n'))
      await read({ url: stream.url }, 1)
      await released(stream)
    },
  ],
  [
    'abort ends the loop quietly, and lets the connection go',
    async ({ serve, same, released }) => {
      const stream = await serve(held('data: 1\n\n'))
      const controller = new AbortController()
      const seen: unknown[] = []
      for await (const { data } of openSSE({ ...brief, url: stream.url, signal: controller.signal })) {
        seen.push(data)
        setTimeout(() => controller.abort())
      }
      same(seen, ['1'], 'data')
      await released(stream)
    },
  ],
  [
    'abort before the server answers',
    async ({ serve, same, until, released }) => {
      const stream = await serve({ status: null, after: 'hold' })
      const controller = new AbortController()
      const over = read({ url: stream.url, signal: controller.signal })
      await until('the request', async () => (await stream.requests()).length > 0)
      controller.abort()
      same(await over, [], 'events')
      await released(stream)
    },
  ],
]

const asking: readonly Check[] = [
  [
    'a method, headers and a body',
    async ({ serve, same }) => {
      const stream = await serve(held('data: 1\n\n'))
      const headers = { 'content-type': 'application/json', 'x-tenant': 'a' }
      await read({ url: stream.url, method: 'POST', headers, body: '{"q":"é"}' }, 1)
      const [request] = await stream.requests()
      same([request?.method, request?.headers['x-tenant'], request?.body], ['POST', 'a', '{"q":"é"}'], 'request')
    },
  ],
  [
    'a stream as a body, sent once: a 401 is final, whoever could give fresh headers',
    async ({ serve, same }) => {
      const stream = await serve({ status: 401 })
      const body = new Blob(['{"q":"é"}']).stream()
      const headers = () => ({ Authorization: 'Bearer a' })
      same(await failure({ url: stream.url, method: 'POST', headers, body }), 'unauthorized 401', 'error')
      same((await stream.requests()).map(({ body: sent }) => sent), ['{"q":"é"}'], 'bodies')
    },
  ],
  [
    'Accept',
    async ({ serve, same }) => {
      const stream = await serve(held('data: 1\n\n'))
      await read({ url: stream.url }, 1)
      same((await stream.requests())[0]?.headers['accept'], 'text/event-stream', 'Accept')
    },
  ],
]

/** What openSSE promises, over a real server. */
export const checks: readonly Check[] = [...arriving, ...comingBack, ...ending, ...asking]
