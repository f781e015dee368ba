/** A Node project, whose types have no DOM: compiled, never run. A line after `@ts-expect-error` must not compile. */
import { createSSEClient, openSSE, text } from 'eventwire/core'
import type { Body, CredentialsMode, HeaderValues, RequestBody, RequestHeaders, ResolvedRequest } from 'eventwire/core'
import { encodeEvent, eventStream, lastEventIdOf, resumeHeaders } from 'eventwire/server'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createMockSSE, mockTransport } from 'eventwire/testing'
import { createSSEServer } from 'eventwire/testing/node'

const headers: HeaderValues[] = [{ a: 'b', c: null }, [['a', 'b']], new Headers()]
const bodies: Body[] = ['a', { a: 1 }, [1], new FormData(), new URLSearchParams(), new Uint8Array()]
const credentials: CredentialsMode = 'include'
const client = createSSEClient({ credentials, transport: mockTransport() })
for (const body of bodies) for (const more of headers) client.subscribe('/events', { body, headers: more })
// @ts-expect-error no such mode
client.subscribe('/events', { credentials: 'always' })
// @ts-expect-error a number is no headers
client.subscribe('/events', { headers: 5 })
// @ts-expect-error a symbol is no body
client.subscribe('/events', { body: Symbol('body') })

/** As a transport of one's own does. */
export function send({ url, body, headers: own, credentials: mode }: ResolvedRequest): Promise<Response> {
  return fetch(url, { headers: own, ...(body && { body }), ...(mode && { credentials: mode }) })
}

export async function read(): Promise<(RequestBody | undefined)[]> {
  const refused: RequestHeaders = { 'Retry-After': '1' }
  const server = await createSSEServer()
  server.burst(1, 503, refused)
  for await (const { data } of openSSE({ url: server.url, decode: text() })) if (data.length) break
  const mock = createMockSSE()
  for (const connection of mock.connections) connection.respond(503, refused)
  return [...server.connections, ...mock.connections].map(({ request }) => request.body)
}

/** As a handler of node:http does, and one of the web. */
export function answer(request: IncomingMessage, response: ServerResponse): Response {
  const lastEventId = lastEventIdOf(request, { param: 'after' })
  response.writeHead(200, resumeHeaders(lastEventId)).write(encodeEvent({ id: '1', data: { a: 1 } }))
  return eventStream([{ data: 1 }], { headers: resumeHeaders(lastEventIdOf(new Request('http://a'))) })
}
