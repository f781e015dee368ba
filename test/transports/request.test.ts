import type { ResolvedRequest } from 'eventwire/core'
import { askRequest, fetchInit, networkError, SSEError } from 'eventwire/core'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { resolvedTo } from '../../src/testing/conformance/recorded-attempt.js'

const { signal } = new AbortController()
const initOf = (request: Partial<ResolvedRequest>) => fetchInit(resolvedTo({ url: 'http://x/', ...request }), signal)

afterEach(() => void vi.unstubAllGlobals())

describe('fetchInit', () => {
  it('asks as EventSource does, and for nothing that nobody asked for', () => {
    const { headers, ...init } = initOf({ headers: { 'X-A': '1', accept: '*/*' } })
    expect(Object.fromEntries(headers)).toEqual({ accept: 'text/event-stream', 'x-a': '1' })
    expect(init).toEqual({ method: 'GET', cache: 'no-store', signal })
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

  it('writes the cursor as UTF-8 bytes, of any length', () => {
    expect(initOf({ lastEventId: 'π-7' }).headers.get('last-event-id')).toBe('Ï\u0080-7')
    expect(initOf({ lastEventId: 'x'.repeat(1_000_000) }).headers.get('last-event-id')).toHaveLength(1_000_000)
  })

  it('a relative URL is none without a page, and fine on one', () => {
    expect(() => initOf({ url: '/events' })).toThrow(/can't be made.*baseUrl/)
    vi.stubGlobal('location', { href: 'http://x/page' })
    expect(initOf({ url: '/events' }).method).toBe('GET')
  })

  it('sends no header for a cursor that the URL carries where CORS may refuse it', () => {
    expect(initOf({ lastEventId: '7', cursorInURL: true }).headers.has('last-event-id')).toBe(false)
    expect(initOf({ lastEventId: '7', cursorInURL: false }).headers.get('last-event-id')).toBe('7')
  })

  it('a srcdoc frame goes by the base of the page around it', () => {
    vi.stubGlobal('location', { href: 'about:srcdoc' })
    vi.stubGlobal('document', { baseURI: 'http://x/page' })
    expect(initOf({ url: '/events' }).method).toBe('GET')
  })

  it('a secret is in no message', () => {
    expect(() => initOf({ headers: { Authorization: 'Bearer s3cret\nline' } })).toThrow(/header 'Authorization'(?!.*s3cret)/s)
  })

  it.each<[string, Partial<ResolvedRequest>]>([
    ['a header that is none', { headers: { 'no name': '1' } }],
    ['a URL with credentials', { url: 'http://user:pass@x/' }],
    ['a GET with a body', { body: 'x' }],
    ['a cursor with a line end', { lastEventId: 'a\nb' }],
  ])('%s can not be sent, now or later', (_, request) => {
    let error: unknown
    try {
      initOf(request)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toMatchObject({ code: 'network', retryable: false, cause: expect.any(TypeError) })
    expect(String(error)).toMatch(/can't be made/)
  })
})

it('askRequest says whose function threw, and that another attempt may do', async () => {
  const asked = askRequest({ id: '', identity: { text: '', whole: true }, types: [], maxEventSize: 1, resolve: () => Promise.reject(new Error('no token')) })
  const message: unknown = expect.stringMatching(/threw: no token/)
  await expect(asked).rejects.toMatchObject({ code: 'callback', retryable: true, message })
})

it('networkError keeps what is an SSEError already', () => {
  const error = new SSEError('too-large', 'too large')
  expect(networkError(error, true)).toBe(error)
  expect(networkError(new TypeError('terminated'), true)).toMatchObject({ code: 'network', retryable: true })
})
