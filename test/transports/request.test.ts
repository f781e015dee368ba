import type { ResolvedRequest } from 'eventwire/core'
import { askRequest, fetchInit, leavesCursorOut, SSEError } from 'eventwire/core'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { resolvedTo } from '../../src/testing/conformance/recorded-attempt.js'

const { signal } = new AbortController()
const initOf = (request: Partial<ResolvedRequest>) => fetchInit(resolvedTo({ url: 'http://x/', ...request }), signal)

afterEach(() => void vi.unstubAllGlobals())

describe('fetchInit', () => {
  it('asks as EventSource does, and for nothing that nobody asked for', () => {
    const { headers, ...init } = initOf({ headers: { 'X-A': '1' } })
    expect(Object.fromEntries(headers)).toEqual({ accept: 'text/event-stream', 'x-a': '1' })
    expect(init).toEqual({ method: 'GET', cache: 'no-store', signal })
  })

  it("takes the caller's Accept, whatever its case", () => {
    const accept = 'application/json, text/event-stream'
    for (const name of ['accept', 'Accept', 'ACCEPT'])
      expect(initOf({ headers: { [name]: accept } }).headers.get('accept')).toBe(accept)
  })

  it('takes redirect, and says nothing of it otherwise', () => {
    expect(initOf({ redirect: 'error' }).redirect).toBe('error')
    expect(initOf({})).not.toHaveProperty('redirect')
  })

  it('takes credentials, and a body; a stream goes half-duplex, which fetch insists on', () => {
    expect(initOf({ credentials: 'include', method: 'POST', body: '' })).toMatchObject({
      credentials: 'include',
      method: 'POST',
      body: '',
    })
    const body = new ReadableStream()
    expect(initOf({ method: 'POST', body })).toMatchObject({ body, duplex: 'half' })
  })

  it('takes the white space off a header, as fetch does: tokens are read from files', () => {
    expect(initOf({ headers: { Authorization: ' Bearer 1\r\n' } }).headers.get('authorization')).toBe('Bearer 1')
  })

  it('a srcdoc frame goes by the base of the page around it', () => {
    vi.stubGlobal('location', { href: 'about:srcdoc' })
    vi.stubGlobal('document', { baseURI: 'http://x/page' })
    expect(initOf({ url: '/events' }).method).toBe('GET')
  })
})

describe('the cursor', () => {
  const sent = (lastEventId: string) => initOf({ lastEventId }).headers.get('last-event-id')

  it('goes as UTF-8 bytes', () => {
    expect(sent('π-7')).toBe('Ï\u0080-7')
    expect(sent('a\tb ~')).toBe('a\tb ~')
  })

  it('sends ASCII without a TextEncoder', () => {
    vi.stubGlobal('TextEncoder', undefined)
    expect(sent('7')).toBe('7')
  })

  it('is sent up to 8,000 bytes, which servers take', () => {
    expect(sent('x'.repeat(8_000))).toHaveLength(8_000)
    expect(sent('π'.repeat(4_000))).toHaveLength(8_000)
    expect(sent('x'.repeat(8_001))).toBeNull()
    expect(sent('π'.repeat(4_001))).toBeNull()
  })

  it.each(['\u0001', '\u000c', '\u007f', 'a\nb', 'a\rb', '\0', '\u001f7', ' ', '\t'])('%j is left out', (lastEventId) => {
    expect(sent(lastEventId)).toBeNull()
    const resolved = resolvedTo({ url: 'http://x/', lastEventId })
    expect(leavesCursorOut(resolved)).toBe(true)
    // Where the URL carries it, nothing is lost.
    expect(leavesCursorOut({ ...resolved, cursorInURL: true })).toBe(false)
    expect(leavesCursorOut({ ...resolved, cursorParam: 'since' })).toBe(false)
  })

  it('is not left out where there is none, or where it is sent', () => {
    for (const lastEventId of ['', '7', 'π']) expect(leavesCursorOut(resolvedTo({ url: 'http://x/', lastEventId }))).toBe(false)
  })

  it('stays out of the header where the URL carries it and CORS may refuse that', () => {
    expect(initOf({ lastEventId: '7', cursorInURL: true }).headers.has('last-event-id')).toBe(false)
    expect(initOf({ lastEventId: '7', cursorInURL: false }).headers.get('last-event-id')).toBe('7')
  })
})

/** Whatever is in here may be in no message and in nothing below it. */
const SECRET = 's3cret'

// A seam: what no type allows is what users without types pass.
const untyped = (request: Readonly<Record<string, unknown>>) => request as Partial<ResolvedRequest>

describe('what can not be asked for is told at once, with the fix and without secrets', () => {
  it.each<[what: string, request: Partial<ResolvedRequest>, says: RegExp]>([
    ['a relative URL without a page', { url: `/events?token=${SECRET}` }, /a page or baseUrl/],
    ['a malformed URL without a scheme, which is not relative', { url: `//[?token=${SECRET}` }, /its URL is malformed/],
    ['a malformed URL', { url: `http://[?token=${SECRET}` }, /its URL is malformed/],
    ['a URL without its scheme', { url: `localhost:3000/events?token=${SECRET}` }, /begin it with https:\/\/ or http:\/\//],
    ...['ftp://x/', 'javascript:', 'file:///x/', 'blob:http://x/', 'data:text/event-stream,', 'mailto:', 'FTP://x/'].map(
      (url): [string, Partial<ResolvedRequest>, RegExp] => [`${url} as URL`, { url: url + SECRET }, /scheme.*begin it with/],
    ),
    ...['ws://x/', 'wss://x/'].map(
      (url): [string, Partial<ResolvedRequest>, RegExp] => [`${url} as URL`, { url: url + SECRET }, /nor is it a WebSocket/],
    ),
    ['a user in the URL', { url: `http://${SECRET}@x/` }, /user or password.*Authorization/],
    ['a password in the URL', { url: `https:\\\\user:${SECRET}@x/` }, /user or password.*Authorization/],
    ...['TRACE', 'CONNECT', 'track', 'HEAD'].map(
      (method): [string, Partial<ResolvedRequest>, RegExp] => [method, { method }, new RegExp(`no event stream comes to ${method}: use GET`)],
    ),
    ['a method of two words', { method: 'P OST' }, /'GET' or 'POST'/],
    ['an empty method', { method: '' }, /'GET' or 'POST'/],
    ['a method that is no text', untyped({ method: 5 }), /'GET' or 'POST'/],
    ['a GET with a body', { body: SECRET }, /GET takes no body: use POST/],
    ['credentials: true', untyped({ credentials: true }), /'omit' or 'same-origin' or 'include', not true/],
    ['credentials that are some', untyped({ credentials: { password: SECRET } }), /'include'$/],
    ['redirect: manual', untyped({ redirect: 'manual' }), /redirect must be 'follow' or 'error'/],
    ['headers as text', untyped({ headers: `Authorization: ${SECRET}` }), /headers must be an object/],
    ['headers as nothing', untyped({ headers: null }), /headers must be an object/],
    ['a header name with a line break', { headers: { [`X-A: ${SECRET}\nX-B`]: '1' } }, /the name of a header has/],
    ['a header name with a space', { headers: { [`Bearer ${SECRET}`]: '1' } }, /the name of a header has/],
    ['an empty header name', { headers: { '': SECRET } }, /the name of a header has/],
    ['a value with a line break', { headers: { Authorization: `${SECRET}\nline` } }, /header 'Authorization' has.*encodeURI/],
    ['a value with a control character', { headers: { 'X-A': `${SECRET}\u0001` } }, /header 'X-A' has characters/],
    ['a value past U+00FF', { headers: { 'X-A': `${SECRET} π` } }, /header 'X-A' has characters/],
    ['a value that is an object', untyped({ headers: { 'X-A': { [SECRET]: 1 } } }), /'X-A' must be a string, not object/],
    ['a value that is nothing', untyped({ headers: { 'X-A': undefined } }), /'X-A' must be a string, not undefined/],
    ['a value that is promised', untyped({ headers: { 'X-A': Promise.resolve(SECRET) } }), /'X-A'.*not a Promise: await it/],
    ['a value that is a function', untyped({ headers: { 'X-A': () => SECRET } }), /'X-A' must be a string, not function/],
    ['a body that is an object', untyped({ method: 'POST', body: { a: SECRET } }), /must not be a Object: pass JSON/],
    ['a body that is a Map', untyped({ method: 'POST', body: new Map([[1, SECRET]]) }), /must not be a Map: pass JSON/],
    ['a body that is promised', untyped({ method: 'POST', body: Promise.resolve(SECRET) }), /must not be a Promise/],
  ])('%s', (_, request, says) => {
    let error: unknown
    try {
      initOf(request)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toMatchObject({
      code: 'unsupported',
      retryable: false,
      message: expect.stringMatching(/^The request can't be made: /),
      cause: expect.any(TypeError),
    })
    expect(String(error)).toMatch(says)
    expect(textsOf(error)).not.toMatch(SECRET)
    expect(String(error)).not.toMatch(/\n/)
  })

  it('a page that came by no http: is no base', () => {
    vi.stubGlobal('location', { href: 'file:///home/index.html' })
    expect(() => initOf({ url: '/events' })).toThrow(/a page that came by http:, or baseUrl/)
    vi.stubGlobal('location', { href: 'http://x/page' })
    expect(initOf({ url: '/events' }).method).toBe('GET')
  })

  it('apps with a scheme of their own may serve streams', () => {
    expect(initOf({ url: 'app://main/events' }).method).toBe('GET')
  })

  it('a URL class that throws when asked for its parts, as that of React Native before 0.81, is no obstacle', () => {
    const real = URL
    class Parts {
      readonly #url: URL
      constructor(...given: ConstructorParameters<typeof URL>) {
        this.#url = new real(...given)
      }
      get href() {
        return this.#url.href
      }
    }
    for (const name of ['username', 'password', 'protocol', 'host', 'origin', 'pathname', 'search', 'hash'])
      Object.defineProperty(Parts.prototype, name, {
        get() {
          throw new Error(`URL.${name} is not implemented`)
        },
      })
    vi.stubGlobal('URL', Parts)
    expect(initOf({ url: 'http://x/events' }).method).toBe('GET')
    expect(() => initOf({ url: 'http://user@x/events' })).toThrow(/user or password/)
  })
})

/** All texts in an error, hidden ones too, and in what is below it. */
function textsOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error)
  return Reflect.ownKeys(error)
    .map((key) => `${String(key)} ${textsOf(Reflect.get(error, key))}`)
    .join('\n')
}

describe('askRequest', () => {
  const asking = (cause: Error) => askRequest({ id: '', identity: { text: '', whole: true }, types: [], maxEventSize: 1, resolve: () => Promise.reject(cause) })

  it('says that a function threw, and that another attempt may do', async () => {
    const message: unknown = expect.stringMatching(/threw: no token/)
    await expect(asking(new Error('no token'))).rejects.toMatchObject({ code: 'callback', retryable: true, message })
  })

  it('leaves an SSEError as it is: it says itself what it is', async () => {
    const error = new SSEError('unsupported', 'no such body')
    await expect(asking(error)).rejects.toBe(error)
  })
})
