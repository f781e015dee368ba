/** What fails that no network did: it is told as what it is, with the fix, and nobody is asked again for ever. */
import type { SSEError } from 'eventwire/core'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { once } from 'node:events'
import { createServer as createSecureServer } from 'node:https'
import { Readable } from 'node:stream'
import { createSSEClient, fetchTransport, networkError } from 'eventwire/core'
import { fetchEventSourceTransport } from 'eventwire/fetch-event-source'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AttemptRequest, RecordedAttempt } from '../../src/testing/conformance/recorded-attempt.js'
import type { RealServer } from './server.js'
import { recordAttempt, resolvedTo } from '../../src/testing/conformance/recorded-attempt.js'
import { certificate } from '../testing/certificate.js'
import { EVENT_STREAM, startServer } from './server.js'

const SECRET = 's3cret-7'

let server: RealServer
const undo: (() => unknown)[] = []

beforeAll(async () => void (server = await startServer()))
afterAll(() => server.close())

beforeEach(() => {
  server.requests.length = 0
  server.answer = (_, response) => response.writeHead(200, EVENT_STREAM).end('data: 1\n\n')
})

afterEach(() => {
  for (const one of undo.splice(0)) one()
  vi.unstubAllGlobals()
})

const path = `/events?token=${SECRET}`

function attempt(
  custom?: typeof fetch,
  request: AttemptRequest = {},
  create = fetchTransport,
  onReport?: Parameters<typeof recordAttempt>[2],
): RecordedAttempt {
  const recorded = recordAttempt(create({ fetch: custom }), { url: server.url + path, ...request }, onReport)
  undo.push(() => recorded.close())
  return recorded
}

/** Waits for a failure, and sees that nothing in it is secret. */
async function failure(recorded: RecordedAttempt): Promise<SSEError> {
  const error = await vi.waitFor(() => {
    const [report] = recorded.of('fail')
    if (!report) throw new Error(recorded.kinds())
    return report.error
  })
  expect(textsOf(error)).not.toContain(SECRET)
  return error
}

/** All texts in an error, and in what is below it. */
function textsOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  return Reflect.ownKeys(value).map((key) => textsOf(Reflect.get(value, key))).join('\n')
}

/** The global fetch, as another platform has it. */
const fetchOf = (change: (response: Response) => unknown): typeof fetch =>
  // A seam: what a platform lacks no type can say.
  (async (...asked: Parameters<typeof fetch>) => change(await fetch(...asked))) as typeof fetch

const withOwn = (response: Response, name: string, value: unknown) => Object.defineProperty(response, name, { value })

describe('a platform that lacks something', () => {
  it('has no TextDecoder: nobody is asked', async () => {
    vi.stubGlobal('TextDecoder', undefined)
    const error = await failure(attempt())
    expect(error).toMatchObject({ code: 'unsupported', retryable: false })
    expect(error.message).toMatch(/no TextDecoder here: load a polyfill/)
    expect(server.requests).toEqual([])
  })

  it('has no fetch', async () => {
    vi.stubGlobal('fetch', undefined)
    expect(await failure(attempt())).toMatchObject({
      code: 'unsupported',
      retryable: false,
      message: expect.stringMatching(/no fetch here: pass fetchTransport\(\{ fetch \}\)/),
    })
  })

  it.each<[what: string, change: (response: Response) => unknown, says: RegExp]>([
    ['a body of Node', (response) => withOwn(response, 'body', Readable.from(['data: 1\n\n'])), /Node streams.*\{ fetch \}/],
    ['a body that does not stream', (response) => withOwn(response, 'body', undefined), /does not stream bodies.*\{ fetch \}/],
    ['a body that someone reads', (response) => (response.body?.getReader(), response), /locked/],
    ['chunks of text', () => new Response(textual(), { headers: EVENT_STREAM }), /fails by itself: feed takes a Uint8Array/],
    ['no response', () => undefined, /fails by itself: Cannot/],
    ['a response without headers', () => ({ status: 200 }), /fails by itself: Cannot/],
  ])('gives %s', async (_, change, says) => {
    const error = await failure(attempt(fetchOf(change)))
    expect(error).toMatchObject({ code: 'unsupported', retryable: false })
    expect(error.message).toMatch(says)
  })

  it('still tells a 503 as a 503, whose body it can not read', async () => {
    server.answer = (_, response) => response.writeHead(503).end('later')
    const error = await failure(attempt(fetchOf((response) => withOwn(response, 'body', Readable.from(['later'])))))
    expect(error).toMatchObject({ code: 'status', status: 503, retryable: true, body: undefined })
  })

  it("refuses cache, as Cloudflare's Workers did: asks without it, once", async () => {
    const asked: unknown[] = []
    const worker: typeof fetch = (url, init) => {
      asked.push(init?.cache)
      if (init && 'cache' in init) throw new Error("The 'cache' field on 'RequestInitializerDict' is not implemented.")
      return fetch(url, init)
    }
    const recorded = attempt(worker)
    await vi.waitFor(() => expect(recorded.kinds()).toBe('open event end'))
    expect(asked).toEqual(['no-store', undefined])
    expect(server.requests).toHaveLength(1)
  })

  it.each([
    [new TypeError('Invalid redirect value, must be one of "follow" or "manual"'), /no redirect: 'error'/],
    [new TypeError(`Fetch API cannot load: xyz://x/?${SECRET}`), /does not know its scheme/],
    [new Error("The 'credentials' field on 'RequestInitializerDict' is not implemented."), /can't be made: The 'credentials'/],
    [new TypeError("Failed to execute 'fetch' on 'Window': Illegal invocation"), /fails by itself: .*Illegal invocation/],
    [new TypeError("Cannot read properties of undefined (reading 'x')"), /fails by itself: Cannot read/],
    [new TypeError("undefined is not an object (evaluating 'a.b')"), /fails by itself: undefined is not an object/],
    [new TypeError('a is undefined'), /fails by itself: a is undefined/],
    [new ReferenceError('a is not defined'), /fails by itself: a is not defined/],
    [new SyntaxError(`Unexpected token in "${SECRET}"`), /fails by itself: Unexpected token/],
  ])('throws %s', async (thrown, says) => {
    for (const custom of [() => Promise.reject(thrown), () => raise(thrown)]) {
      const error = await failure(attempt(custom, { lastEventId: SECRET }))
      expect(error).toMatchObject({ code: 'unsupported', retryable: false })
      expect(error.message).toMatch(says)
    }
  })

  it('breaks by its own mistake in the middle of the body', async () => {
    const body = new ReadableStream({
      pull() {
        throw new TypeError('this.socket.read is not a function')
      },
    })
    const error = await failure(attempt(async () => new Response(body, { headers: EVENT_STREAM })))
    expect(error).toMatchObject({ code: 'unsupported', retryable: false })
  })

  it.each([200, 503])('has a cancel that gives no promise, or throws: %i', async (status) => {
    for (const cancel of [() => undefined, () => raise(new Error('no cancel'))]) {
      const reader = { read: async () => ({ done: false, value: new TextEncoder().encode('data: 1\n\n'.repeat(4_000)) }), cancel }
      // A seam: no more of a response than is read.
      const response = { status, headers: new Headers(EVENT_STREAM), body: { getReader: () => reader } } as unknown as Response
      const recorded = attempt(async () => response, {}, undefined, ({ kind }, { close }) => {
        if (kind === 'event') close()
      })
      await vi.waitFor(() => expect(recorded.kinds()).toBe(status === 200 ? 'open event' : 'fail'))
      expect(recorded.of('fail').map(({ error }) => error.code)).toEqual(status === 200 ? [] : ['status'])
    }
    // What nobody catches is told after a turn.
    await new Promise((resolve) => setImmediate(resolve))
  })

  it('has an AbortController without throwIfAborted and reason, as polyfills', async () => {
    vi.stubGlobal('AbortController', class {
      readonly signal = Object.assign(new EventTarget(), { aborted: false })
      abort() {
        if (this.signal.aborted) return
        this.signal.aborted = true
        this.signal.dispatchEvent(new Event('abort'))
      }
    })
    const polyfilled: typeof fetch = (url, init) => fetch(url, { ...init, signal: null })
    for (const create of [fetchTransport, fetchEventSourceTransport]) {
      const recorded = attempt(polyfilled, {}, create)
      await vi.waitFor(() => expect(recorded.kinds()).toBe('open event end'))
    }
  })
})

function raise(error: Error): never {
  throw error
}

function textual() {
  return new ReadableStream({
    start(controller) {
      controller.enqueue('data: 1\n\n')
      controller.close()
    },
  })
}

/** As they throw it: seen in Bun 1.4, Deno 2.9, Cloudflare's workerd of 2026-07-30 and node-fetch 3. */
describe('what other runtimes tell is understood as what Node tells', () => {
  const url = `http://x${path}`
  const bun = (code: string, message: string) => Object.assign(new TypeError(message), { code, path: url, errno: 0 })
  const deno = (message: string) =>
    new TypeError('fetch failed', { cause: new Error(`error sending request for url (${url}): client error (Connect): ${message}`) })

  it.each<[thrown: Error, code: string, says: RegExp]>([
    [bun('DEPTH_ZERO_SELF_SIGNED_CERT', 'self signed certificate'), 'network', /certificate is refused/],
    [deno('invalid peer certificate: UnknownIssuer'), 'network', /certificate is refused/],
    [bun('EPROTO', 'EPROTO: The TLS handshake failed. Does the server speak TLS on this port?'), 'network', /speaks no TLS/],
    [deno('received corrupt message of type InvalidContentType'), 'network', /speaks no TLS/],
    [bun('TooManyRedirects', 'TooManyRedirects: The response redirected too many times.'), 'network', /without end/],
    [new TypeError('Fetch failed: Maximum number of redirects (20) reached'), 'network', /without end/],
    [new TypeError(`Too many redirects.${url}, ${url}`), 'network', /without end/],
    [new Error(`maximum redirect reached at: ${url}`), 'network', /without end/],
    [bun('UnexpectedRedirect', `UnexpectedRedirect fetching "${url}".`), 'network', /redirect: 'error' forbids/],
    [new TypeError("Fetch failed: Encountered redirect while redirect mode is set to 'error'"), 'network', /'error' forbids/],
    [new Error(`uri requested responds with a redirect, redirect mode is set to error: ${url}`), 'network', /'error' forbids/],
    [bun('UnsupportedRedirectProtocol', `UnsupportedRedirectProtocol fetching "${url}".`), 'network', /to what is no HTTP/],
    [new TypeError('Fetch failed: Can not redirect to a non HTTP(s) url'), 'network', /to what is no HTTP/],
    [bun('ERR_INVALID_ARG_VALUE', 'protocol must be http:, https: or s3:'), 'unsupported', /does not know its scheme/],
    [new TypeError("Url scheme 'xyz' not supported"), 'unsupported', /does not know its scheme/],
    [new TypeError('Fetch failed: Requests to port 25 are blocked'), 'unsupported', /blocks its port/],
  ])('%s', async (thrown, code, says) => {
    const error = await failure(attempt(() => Promise.reject(thrown), { url }))
    expect(error).toMatchObject({ code, retryable: false })
    expect(error.message).toMatch(says)
  })

  it.each([
    bun('ECONNREFUSED', 'ECONNREFUSED: Unable to connect. Is the computer able to access the url?'),
    bun('ENOTFOUND', 'getaddrinfo ENOTFOUND nope.invalid'),
    deno('tcp connect error: Connection refused (os error 111)'),
    deno('dns error: failed to lookup address information: Name or service not known'),
    new Error(`request to ${url} failed, reason: connect ECONNREFUSED 127.0.0.1:2`),
  ])('%s is a network that another attempt may find', async (thrown) => {
    expect(await failure(attempt(() => Promise.reject(thrown), { url }))).toMatchObject({ code: 'network', retryable: true })
  })

  it.each([
    bun('ECONNRESET', 'ECONNRESET: The socket connection was closed unexpectedly.'),
    new TypeError('error reading a body from connection'),
    new TypeError('terminated', { cause: new Error('other side closed') }),
    new TypeError('network error'),
    new DOMException('The connection was aborted', 'AbortError'),
  ])('%s breaks a body', async (thrown) => {
    const body = new ReadableStream({ pull: () => raise(thrown) })
    const error = await failure(attempt(async () => new Response(body, { headers: EVENT_STREAM }), { url }))
    expect(error).toMatchObject({ code: 'network', retryable: true, message: 'The connection broke' })
  })
})

describe('what a network does is told as that, and asked for again', () => {
  it.each([
    ['Chromium', new TypeError('Failed to fetch')],
    ['Firefox', new TypeError('NetworkError when attempting to fetch resource.')],
    ['Safari', new TypeError('Load failed')],
    ['Safari, of CORS', new TypeError('Origin http://x is not allowed by Access-Control-Allow-Origin. Status code: 200')],
    ['React Native', new TypeError('Network request failed')],
    ['Workers', new Error('Network connection lost.')],
    ['an unlucky path', new Error(`request to http://x/certificate/is-not-defined/bad port?a=${SECRET} failed`)],
    ['what is no error', 'gone'],
    ['nothing', undefined],
  ])('%s', async (_, thrown) => {
    const error = await failure(attempt(() => Promise.reject(thrown), { url: `http://x/certificate/is-not-defined/bad port?a=${SECRET}` }))
    expect(error).toMatchObject({ code: 'network', retryable: true })
    expect(error.message).toBe('The server could not be reached, or CORS forbids it')
  })

  it('keeps the cause, the very one, unless there is a secret in it', () => {
    const request = resolvedTo({ url: `http://user@x${path}`, headers: { authorization: `Bearer ${SECRET}` } })
    const clean = Object.assign(new TypeError('fetch failed', { cause: new AggregateError([new Error('a')], '') }), { code: 'E' })
    expect(networkError(clean, false, request).cause).toBe(clean)
    const quoting = [
      Object.assign(new TypeError(`request to http://x${path} failed`), { code: 'E' }),
      Object.assign(new TypeError('failed', { cause: new Error(`at https://other.example/signed?${'x'.repeat(9)}`) }), { code: 'E' }),
      Object.assign(new TypeError('failed'), { code: 'E', config: { headers: { authorization: SECRET } } }),
      Object.assign(new TypeError('failed'), { code: 'E', request: new Request('http://x/') }),
    ]
    for (const thrown of quoting) {
      const { cause } = networkError(thrown, false, request)
      expect(cause).not.toBe(thrown)
      expect(cause).toMatchObject({ name: 'TypeError', code: 'E', message: expect.stringContaining('failed') })
      expect(cause).toBeInstanceOf(TypeError)
      expect(textsOf(cause)).not.toMatch(/s3cret|signed|Request/)
    }
  })
})

function sent(): ReadableStream {
  const stream = new ReadableStream()
  stream.getReader()
  return stream
}

/** Asks through a client, and waits until it has given up. */
async function givenUp(url: string, redirect?: 'error') {
  const custom: typeof fetch = (asked, init) => fetch(asked, { ...init, ...(redirect && { redirect }) })
  const client = createSSEClient({ transport: fetchTransport({ fetch: custom }), retry: { baseMs: 1, maxMs: 1 } })
  const subscription = client.subscribe(url)
  undo.push(subscription)
  await vi.waitFor(() => expect(subscription.getSnapshot().status).toBe('failed'))
  const { error } = subscription.getSnapshot()
  expect(textsOf(error)).not.toContain(SECRET)
  return error
}

describe('what Node tells of a server', () => {
  const redirectTo = (location: string) => (_: IncomingMessage, response: ServerResponse) => response.writeHead(302, { location }).end()

  it.each<[what: string, location: string, redirect: 'error' | undefined, says: RegExp]>([
    ['redirects in a circle', path, undefined, /redirects without end/],
    ["redirects where redirect: 'error' forbids it", '/other', 'error', /redirect: 'error' forbids/],
    ['redirects to no HTTP', `ftp://x/${SECRET}`, undefined, /redirects to what is no HTTP/],
  ])('it %s', async (_, location, redirect, says) => {
    server.answer = redirectTo(location)
    const error = await givenUp(server.url + path, redirect)
    expect(error).toMatchObject({ code: 'network', retryable: false })
    expect(error?.message).toMatch(says)
  })

  it.each([
    ['a port that fetch blocks', { url: `http://127.0.0.1:25${path}` }, /blocks its port/],
    ['a scheme that fetch does not know', { url: `htps://x${path}` }, /does not know its scheme/],
    ['a header that is not ours to set', { headers: { 'transfer-encoding': 'chunked' } }, /invalid transfer-encoding header/],
    ['a body that was sent already', { method: 'POST', body: sent() }, /disturbed or locked/],
    ['a length that is not so', { method: 'POST', body: 'abc', headers: { 'content-length': '5' } }, /length/],
  ])('it is never asked: %s', async (_, request, says) => {
    const error = await failure(attempt(undefined, request))
    expect(error).toMatchObject({ code: 'unsupported', retryable: false })
    expect(error.message).toMatch(says)
  })

  it('its certificate is not trusted; it speaks no TLS', async () => {
    const secure = createSecureServer(certificate).listen(0, '127.0.0.1')
    undo.push(() => secure.close())
    await once(secure, 'listening')
    const address = secure.address()
    const port = typeof address === 'object' ? address?.port : 0
    expect(await givenUp(`https://127.0.0.1:${port}${path}`)).toMatchObject({
      code: 'network',
      retryable: false,
      message: expect.stringMatching(/certificate is refused.*NODE_EXTRA_CA_CERTS/),
    })
    expect(await givenUp(server.url.replace('http:', 'https:') + path)).toMatchObject({
      code: 'network',
      retryable: false,
      message: expect.stringMatching(/speaks no TLS/),
    })
  })
})
