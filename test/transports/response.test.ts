import { responseError, SSEError } from 'eventwire/core'
import { mockTransport } from 'eventwire/testing'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { recordAttempt } from '../../src/testing/conformance/recorded-attempt.js'

const page = 'x'.repeat(20_000)

it.each([404, 200])('of the body of a %i that is no event stream the error keeps 16,384 characters', async (status) => {
  expect(responseError(status, new Headers(), page)?.body).toBe(page.slice(0, 16_384))
  const transport = mockTransport()
  const recorded = recordAttempt(transport, { url: 'http://x/events' })
  ;(await transport.attempted()).respond(status, { 'content-type': 'text/plain' }, page)
  expect(recorded.of('fail')[0]?.error.body).toBe(page.slice(0, 16_384))
})

it('a body that is not known stays so', () => {
  expect(responseError(404, new Headers())?.body).toBeUndefined()
})

describe('statuses', () => {
  const type = new Headers({ 'content-type': 'text/event-stream' })
  it.each([
    ['GET', 200, null],
    ['GET', 201, 'status'],
    ['GET', 206, 'status'],
    ['POST', 200, null],
    ['POST', 201, null],
    ['PUT', 202, null],
    ['POST', 299, null],
    ['POST', 204, 'status'],
    ['POST', 199, 'status'],
    ['POST', 301, 'status'],
    ['POST', 401, 'unauthorized'],
  ])('%s %i', (method, status, code) => {
    expect(responseError(status, type, '', method)?.code ?? null).toBe(code)
  })

  it('a POST answered with 201 and JSON fails over its content type', () => {
    const headers = new Headers({ 'content-type': 'application/json' })
    expect(responseError(201, headers, '{"id":7}', 'POST')).toMatchObject({ code: 'content-type', status: 201 })
  })
})

describe("content types, as Fetch's extract a MIME type reads them", () => {
  it.each([
    'text/event-stream',
    'Text/Event-Stream',
    'text/event-stream;charset=utf-8',
    'text/event-stream ; charset=iso-8859-1',
    'text/event-stream;',
    ' \t text/event-stream',
    'application/json, text/event-stream',
    'text/event-stream, text/event-stream',
    'text/event-stream,',
    'text/event-stream, */*',
    'text/event-stream, none',
    'text/event-stream;a="b, text/html"',
    'text/html;a="\\", text/html;", text/event-stream',
    'text/event-stream;a="never closed, text/html',
  ])('%j is one', (type) => {
    expect(responseError(200, new Headers({ 'content-type': type }))).toBeNull()
  })

  it('a doubled header counts by its last', () => {
    const doubled = (...types: string[]) => {
      const headers = new Headers()
      for (const type of types) headers.append('content-type', type)
      return responseError(200, headers)
    }
    expect(doubled('text/plain', 'text/event-stream')).toBeNull()
    expect(doubled('text/event-stream', 'text/html')?.message).toMatch(/HTML page/)
  })

  it.each([
    ['text/event-streams', /'text\/event-streams'/],
    ['text /event-stream', /no valid Content-Type/],
    ['text/event-stream x', /no valid Content-Type/],
    ['event-stream', /no valid Content-Type/],
    ['*/*', /no valid Content-Type/],
    ['text/event-stream, text/html;charset=utf-8', /HTML page/],
    ['a="text/event-stream', /no valid Content-Type/],
  ])('%j is none', (type, says) => {
    const error = responseError(200, new Headers({ 'content-type': type }))
    expect(error?.code).toBe('content-type')
    expect(error?.message).toMatch(says)
  })
})

describe('an error', () => {
  const headers = new Headers({ 'set-cookie': 'session=s3cret' })
  const error = new SSEError('status', 'no', { status: 409, headers, body: '{"reason":"taken"}' })

  it('reads its body as JSON, and no other', () => {
    expect(error.json()).toEqual({ reason: 'taken' })
    for (const body of [undefined, '', 'taken', '{"reason":']) expect(new SSEError('status', 'no', { body }).json()).toBeUndefined()
    expect(new SSEError('status', 'no', { body: `"${'x'.repeat(20_000)}"` }).json()).toBeUndefined()
  })

  it('shows a log neither headers nor body', () => {
    expect(inspect(error)).not.toMatch(/s3cret|taken/)
    expect(JSON.stringify(error)).not.toMatch(/s3cret|taken/)
    expect(Object.keys(error)).not.toContain('headers')
    expect([error.headers, error.body, error.status]).toEqual([headers, '{"reason":"taken"}', 409])
  })
})
