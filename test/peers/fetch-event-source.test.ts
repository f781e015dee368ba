/** What the README's comparison says of `@microsoft/fetch-event-source`, seen: its defaults, over a real server. */
import { fetchEventSource } from '@microsoft/fetch-event-source'
import { createSSEClient } from 'eventwire/core'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { RealServer } from '../transports/server.js'
import { EVENT_STREAM, startServer } from '../transports/server.js'

let server: RealServer
let controller: AbortController
let page: EventTarget & { hidden: boolean }

beforeEach(async () => {
  server = await startServer()
  controller = new AbortController()
  page = Object.assign(new EventTarget(), { hidden: false })
  vi.stubGlobal('document', page)
  // Its waits of a second and more are not what this is about.
  vi.stubGlobal('window', { fetch, setTimeout: (retry: () => void) => setTimeout(retry, 0), clearTimeout })
})

afterEach(async () => {
  controller.abort()
  await server.close()
  vi.unstubAllGlobals()
})

const open = (init: RequestInit = {}) =>
  void fetchEventSource(server.url, { signal: controller.signal, method: init.method ?? 'GET', ...(init.body && { body: init.body }) }).catch(
    () => {},
  )

it.each([401, 204, 404])('asks again and again after a %i', async (status) => {
  server.answer = (_, response) => void response.writeHead(status).end()
  open()
  await vi.waitFor(() => expect(server.requests.length).toBeGreaterThan(5))
})

it('sends a POST again when its tab is hidden and shown', async () => {
  server.answer = (_, response) => void response.writeHead(200, EVENT_STREAM).write('data: 1\n\n')
  open({ method: 'POST', body: '{"pay":1}' })
  await vi.waitFor(() => expect(server.requests).toHaveLength(1))
  for (const hidden of [true, false]) {
    page.hidden = hidden
    page.dispatchEvent(new Event('visibilitychange'))
  }
  await vi.waitFor(() => expect(server.requests.length).toBeGreaterThan(1))
  expect(new Set(server.requests.map(({ method }) => method))).toEqual(new Set(['POST']))
})

it('comes back no more after an id that a header does not take', async () => {
  server.answer = (_, response) => response.writeHead(200, EVENT_STREAM).end('id: π-7\ndata: 1\n\n')
  const errors: unknown[] = []
  void fetchEventSource(server.url, {
    signal: controller.signal,
    onclose() {
      throw new Error('again, please')
    },
    onerror(error) {
      errors.push(error)
    },
  }).catch(() => {})
  await vi.waitFor(() => expect(errors.length).toBeGreaterThan(5))
  expect(String(errors.at(-1))).toMatch(/ByteString|Latin|greater than 255/i)
  expect(server.requests).toHaveLength(1)
})

it('the same server, asked by eventwire, is asked once after a 401, a 204 and a 404', async () => {
  const client = createSSEClient({ retry: { baseMs: 0, maxMs: 0 } })
  for (const [status, end] of [
    [401, 'failed'],
    [204, 'closed'],
    [404, 'failed'],
  ] as const) {
    server.requests.length = 0
    server.answer = (_, response) => void response.writeHead(status).end()
    const subscription = client.subscribe(`${server.url}/${status}`)
    await vi.waitFor(() => expect(subscription.getSnapshot().status).toBe(end))
    expect(server.requests).toHaveLength(1)
    subscription()
  }
})
