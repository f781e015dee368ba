import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { openSSE } from 'eventwire/core'
import { encodeEvent, lastEventIdOf, resumeHeaders } from 'eventwire/server'
import { describe, expect, it, onTestFinished } from 'vitest'

const web = (url: string, headers: Record<string, string> = {}) => new Request(url, { headers })
/** As a header carries it: the bytes of UTF-8, a character each. */
const bytes = (text: string) => Buffer.from(text).toString('latin1')

describe('lastEventIdOf', () => {
  it.each(['7', 'π-7', '日本', 'run-1;é'])('reads %s from requests of the web and of Node', (id) => {
    expect(lastEventIdOf(web('http://a/events', { 'Last-Event-ID': bytes(id) }))).toBe(id)
    expect(lastEventIdOf({ headers: { 'last-event-id': bytes(id) }, url: '/events' })).toBe(id)
  })

  it("reads what is no UTF-8, and what a platform has decoded, as it came", () => {
    expect(lastEventIdOf({ headers: { 'last-event-id': '\xE9' } })).toBe('\xE9')
    expect(lastEventIdOf({ headers: { 'last-event-id': 'π' } })).toBe('π')
  })

  it('reads the parameter where it is named, and the header first', () => {
    expect(lastEventIdOf(web('http://a/events?after=%CF%80-7#x'), { param: 'after' })).toBe('π-7')
    expect(lastEventIdOf({ headers: {}, url: '/events?x=1&after=a+b' }, { param: 'after' })).toBe('a b')
    expect(lastEventIdOf({ headers: { 'last-event-id': '2' }, url: '/events?after=1' }, { param: 'after' })).toBe('2')
    expect(lastEventIdOf({ headers: { 'last-event-id': '' }, url: '/events?after=1' }, { param: 'after' })).toBe('1')
    expect(lastEventIdOf(web('http://a/events?after=1'))).toBe('')
  })

  it("is '' where there is none", () => {
    expect(lastEventIdOf({ headers: {} }, { param: 'after' })).toBe('')
    expect(lastEventIdOf(web('http://a/events'), { param: 'after' })).toBe('')
  })
})

describe('resumeHeaders', () => {
  it('gives the id back as bytes, readable across origins', () => {
    expect(resumeHeaders('π-7')).toEqual({ 'Last-Event-ID': bytes('π-7'), 'Access-Control-Expose-Headers': 'Last-Event-ID' })
    expect(new Headers(resumeHeaders('日本')).get('last-event-id')).toBe(bytes('日本'))
  })

  it('vouches for nothing without an id, or for one that no header can carry', () => {
    expect(['', 'a\u0001b', 'a\nb'].map(resumeHeaders)).toEqual([{}, {}, {}])
  })
})

it('a client of a server that vouches hears of no gap, whatever the id is written in', async () => {
  const seen: string[] = []
  const server = createServer((request, response) => {
    const id = lastEventIdOf(request)
    seen.push(id)
    response.writeHead(200, { 'Content-Type': 'text/event-stream', ...resumeHeaders(id) })
    response.end(encodeEvent({ id: id === '' ? 'π-1' : 'π-2', data: seen.length, retry: 0 }))
  }).listen(0)
  onTestFinished(() => server.close().closeAllConnections())
  await once(server, 'listening')
  // A seam: it listens to TCP.
  const { port } = server.address() as AddressInfo
  const resumptions: unknown[] = []
  const events = openSSE<number>({ url: `http://localhost:${port}`, onResume: (resumption) => resumptions.push(resumption) })
  for await (const { data } of events) if (data === 2) break
  expect(seen).toEqual(['', 'π-1'])
  expect(resumptions).toEqual([{ resumed: true, gapPossible: false }])
})
