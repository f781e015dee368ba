import { createSSEClient } from 'eventwire/core'
import type { ClientOptions, SSESnapshot } from 'eventwire/core'
import { createVirtualClock } from 'eventwire/testing'
import { expect, inject, test, vi } from 'vitest'
import { here } from './engine.js'
import type { Outage } from './replay.js'

let serial = 0

/** No header takes these as they are. */
const NOT_ASCII = 'π№'
/** How the ids of a stream begin: WebKit sends a header's bytes encoded twice. */
const plain = here({ chromium: NOT_ASCII, firefox: NOT_ASCII, webkit: 'id' })

/** Reads a stream of `/replay` over a real connection, with waits cut short. */
function read(how: Outage, { ids = plain, ...options }: ClientOptions & { ids?: string } = {}) {
  const key = `outage-${inject('engine')}-${inject('react')}-${serial++}`
  const client = createSSEClient({ retry: { baseMs: 1, maxMs: 1 }, ...options })
  const seen: unknown[] = []
  const errors: unknown[] = []
  let token = 0
  const query = new URLSearchParams({ how, ids, key }).toString()
  const subscription = client.subscribe(`${inject('origin')}/replay?${query}`, {
    ...(how === '401' && { headers: async () => ({ authorization: `token ${token++}` }) }),
    onMessage: (data) => seen.push(data),
    onError: (error) => errors.push(error.code),
  })
  return {
    subscription,
    seen,
    errors,
    stats: async (): Promise<unknown> => (await fetch(`${inject('origin')}/stats?key=${key}`)).json(),
    when: (change: Partial<SSESnapshot>) =>
      vi.waitFor(() => expect(subscription.getSnapshot()).toMatchObject(change), { timeout: 10_000 }),
  }
}

const all = Array.from({ length: 30 }, (_, index) => index + 1)

test.each(['killed', '503', 'ended'] as const)('%s: every event once, in order, and no connection left', async (how) => {
  const { subscription, seen, stats, when } = read(how)
  await vi.waitFor(() => expect(seen).toEqual(all), { timeout: 10_000 })
  await when({ status: 'open', lastEventId: `${plain}-30`, error: null })
  expect(await stats()).toMatchObject({ open: 1 })
  subscription.unsubscribe()
  // Chromium may hold a socket for some seconds after an abort.
  await vi.waitFor(async () => expect(await stats()).toMatchObject({ open: 0 }), { timeout: 10_000 })
}, 30_000)

test('a cursor in the query: ids that no header takes, in every engine', async () => {
  const { subscription, seen } = read('killed', { ids: NOT_ASCII, lastEventIdParam: 'cursor' })
  await vi.waitFor(() => expect(seen).toEqual(all), { timeout: 10_000 })
  subscription.unsubscribe()
}, 30_000)

test('a 401 asks once more for credentials, each time they have expired', async () => {
  const { subscription, seen, errors, when } = read('401')
  await vi.waitFor(() => expect(seen).toEqual(all), { timeout: 10_000 })
  await when({ status: 'open' })
  // The breaks between, which WebKit reads as ends; no 401 is among them.
  expect([...new Set(errors)]).toEqual(here({ chromium: ['network'], firefox: ['network'], webkit: [] }))
  subscription.unsubscribe()
}, 30_000)

test.each([
  ['204', { status: 'closed', error: null }],
  ['404', { status: 'failed', error: { code: 'status', status: 404 } }],
  ['html', { status: 'failed', error: { code: 'content-type', body: '<!doctype html>' } }],
] as const)('%s: for good, after one request', async (how, change) => {
  const clock = createVirtualClock()
  const { subscription, seen, stats, when } = read(how, { clock })
  // A seam: the error is matched by a part of it.
  await when(change as Partial<SSESnapshot>)
  // With no timer left nothing asks again; what was asked already, the server saw before this.
  expect(clock.pending).toBe(0)
  expect([seen, await stats()]).toEqual([[], { requests: 1, open: 0 }])
  subscription.unsubscribe()
})

test('EventSource itself gives up at a 503, for good', async () => {
  const query = `how=503&ids=id&key=native-${inject('engine')}-${inject('react')}`
  const source = new EventSource(`${inject('origin')}/replay?${query}`)
  const seen: string[] = []
  source.addEventListener('message', ({ lastEventId }) => seen.push(lastEventId))
  // It waits some seconds before it asks again.
  await vi.waitFor(() => expect(source.readyState).toBe(EventSource.CLOSED), { timeout: 20_000 })
  expect(seen.length).toBeLessThan(30)
}, 30_000)
