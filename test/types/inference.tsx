/** What the types promise: compiled, never run. A line after `@ts-expect-error` must not compile. */
import { useSSE, useSSEEvent, useSSEReducer } from 'eventwire'
import { defineSSE, json, openSSE, text, createSSEClient } from 'eventwire/core'
import type { EventsOf, SSEError, SSEEvent, Status } from 'eventwire/core'
import { type } from 'arktype'
import * as v from 'valibot'
import { z } from 'zod'

/** Compiles only when both types are the same, each assignable to the other inside a function's parameter. */
function same<A>(): <B>(..._values: Same<A, B> extends true ? [value?: B] : [value: B, different: never]) => void {
  return () => {}
}
type Same<A, B> = [Box<A>] extends [Box<B>] ? ([Box<B>] extends [Box<A>] ? true : false) : false
type Box<T> = (value: T) => T

const ops = defineSSE({
  url: '/events',
  events: {
    zod: z.object({ cpu: z.number() }),
    valibot: v.object({ name: v.string() }),
    arktype: type({ up: 'boolean' }),
    json: json<{ title: string }>(),
    text: text(),
    word: 'text',
    any: 'json',
    own: (raw: string) => raw.length,
  },
})

export function Definition() {
  const { data, lastEvent, latest, history, status, error } = useSSE(ops, { history: 5 })
  same<Status>()(status)
  same<SSEError | null>()(error)
  same<{ cpu: number } | undefined>()(latest.zod?.data)
  same<{ name: string } | undefined>()(latest.valibot?.data)
  same<{ up: boolean } | undefined>()(latest.arktype?.data)
  same<{ title: string } | undefined>()(latest.json?.data)
  same<string | undefined>()(latest.text?.data)
  same<string | undefined>()(latest.word?.data)
  same<number | undefined>()(latest.own?.data)
  // @ts-expect-error no such type
  void latest.nothing
  if (lastEvent?.type === 'zod') same<number>()(lastEvent.data.cpu)
  if (lastEvent?.type === 'own') same<number>()(lastEvent.data)
  for (const event of history) if (event.type === 'valibot') same<string>()(event.data.name)
  void data
  // @ts-expect-error snapshots are immutable
  history.length = 0

  const cpu = useSSE(ops, { select: (snapshot) => snapshot.latest.zod?.data.cpu })
  same<number | undefined>()(cpu)
  const pair = useSSE(ops, { select: ({ latest: l }) => [l.zod?.data.cpu, l.own?.data] as const, isEqual: (a, b) => a[0] === b[0] })
  same<readonly [number | undefined, number | undefined]>()(pair)

  useSSEEvent(ops, 'json', (alert, event) => {
    same<{ title: string }>()(alert)
    same<'json'>()(event.type)
  })
  useSSEEvent(ops, ['text', 'own'], (value, event) => {
    same<string | number>()(value)
    same<'text' | 'own'>()(event.type)
  })
  // @ts-expect-error a typo in the type
  useSSEEvent(ops, 'jsn', () => {})
  // @ts-expect-error one of the types is a typo
  useSSEEvent(ops, ['json', 'txt'], () => {})

  const sum = useSSEReducer(ops, (acc, event) => (event.type === 'own' ? acc + event.data : acc), 0)
  same<number>()(sum)
  useSSE(ops, { onMessage: (_, event) => same<keyof typeof ops.events>()(event.type) })
}

export function Plain() {
  const unknown = useSSE('/events')
  same<unknown>()(unknown.data)
  const typed = useSSE<{ cpu: number }>('/events', { onMessage: (data) => same<{ cpu: number }>()(data) })
  same<{ cpu: number } | null>()(typed.data)
  same<number | undefined>()(useSSE<{ cpu: number }, number | undefined>('/events', { select: ({ data }) => data?.cpu }))
  same<Status>()(useSSE('/events', { history: 5, onMessage() {}, select: ({ status }) => status }))
  same<Status>()(useSSE({ url: '/events' }, { enabled: true, select: ({ status }) => status, isEqual: (a, b) => a === b }))
  const maybe: string | null = typed.isConnected ? '/a' : null
  same<{ a: 1 } | null>()(useSSE<{ a: 1 }>(maybe).data)

  const decoded = useSSE({ url: '/events', decode: z.object({ cpu: z.number() }), onMessage: (data) => same<number>()(data.cpu) })
  same<{ cpu: number } | null>()(decoded.data)
  same<string | null>()(useSSE({ url: '/events', decode: 'text' }).data)
  same<number | null>()(useSSE({ url: '/events', decode: (raw) => raw.length }).data)

  const mapped = useSSE({ url: '/events', events: { a: json<1>(), b: text() }, onMessage: (data) => same<1 | string>()(data) })
  same<1 | undefined>()(mapped.latest.a?.data)
  same<string | undefined>()(mapped.latest.b?.data)

  useSSEEvent('/events', 'a', (data) => same<unknown>()(data))
  useSSEEvent<number>('/events', ['a', 'b'], (data, event) => {
    same<number>()(data)
    same<string>()(event.type)
  })
  // @ts-expect-error an option that does not exist
  useSSE('/events', { histroy: 5 })
  // @ts-expect-error a source must have a url
  useSSE({ history: 5 })
  // @ts-expect-error a listener is a function
  useSSEEvent('/events', 'a', 5)
}

export async function WithoutReact() {
  for await (const event of openSSE({ url: '/events', events: { a: json<1>(), b: text() } }))
    if (event.type === 'a') same<1>()(event.data)
  for await (const { data } of openSSE<number>({ url: '/events' })) same<number>()(data)
  for await (const { data } of openSSE({ url: '/events', decode: text() })) same<string>()(data)
  const client = createSSEClient()
  const subscription = client.subscribe(ops, { onMessage: (_, event) => event.type === 'own' && same<number>()(event.data) })
  same<{ title: string } | undefined>()(subscription.getSnapshot().latest.json?.data)
}

same<SSEEvent<{ title: string }, 'json'>>()<Extract<EventsOf<typeof ops.events>, { type: 'json' }>>()
