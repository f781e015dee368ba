/** What the types promise: compiled, never run. A line after `@ts-expect-error` must not compile. */
import { useSSE, useSSEEvent, useSSEReducer, useSSERequest } from 'eventwire'
import type { Answer, AnthropicMessagesEvent } from 'eventwire/llm'
import { anthropicMessages } from 'eventwire/llm'
import { defineSSE, json, openSSE, text, createSSEClient } from 'eventwire/core'
import { encodeEvent, eventStream, lastEventIdOf, resumeHeaders } from 'eventwire/server'
import type { MappedSource, PlainSource, SSEDefinition, SSEResult, SSESnapshot, SSESource, UseSSEOptions } from 'eventwire'
import type { Decoded, DecodeFunction, Decoder, EventMap, EventsOf, StandardSchema } from 'eventwire/core'
import type { SSEClient, SSEError, SSEEvent, Status } from 'eventwire/core'
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
  useSSEEvent(ops, {
    json: (alert, event) => {
      same<'json'>()(event.type)
      same<typeof event.data>()(alert)
    },
    text: (line) => same<string>()(line),
  })
  // @ts-expect-error no such event
  useSSEEvent(ops, { jsn: () => {} })
  // @ts-expect-error a text is no number
  useSSEEvent(ops, { text: (line: number) => line })
  useSSEEvent<number>('/events', { a: (load) => same<number>()(load) })
  // @ts-expect-error a typo in the type
  useSSEEvent(ops, 'jsn', () => {})
  // @ts-expect-error one of the types is a typo
  useSSEEvent(ops, ['json', 'txt'], () => {})

  const sum = useSSEReducer(ops, (acc, event) => (event.type === 'own' ? acc + event.data : acc), 0)
  same<number>()(sum)
  same<{ cpu: number }[]>()(useSSEReducer(ops, (list, event) => (event.type === 'zod' ? [...list, event.data] : list), []))
  same<string[]>()(useSSEReducer('/events', (list, { raw }) => [...list.slice(-9), raw], [], { decode: text(), from: 'history' }))
  // @ts-expect-error null says nothing of what comes: the message says `null as Item | null`
  useSSEReducer('/events', (_, { raw }) => raw, null)
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

const cpuSchema = z.object({ cpu: z.number() })
type CPU = { cpu: number }

export function DecodedByOptions() {
  same<CPU | null>()(useSSE('/events', { decode: cpuSchema, history: 5, onMessage: (data) => same<CPU>()(data) }).data)
  same<string | null>()(useSSE(new URL('https://a.example'), { decode: text() }).data)
  same<string | null>()(useSSE(null, { decode: 'text' }).data)
  same<number | null>()(useSSE('/events', { decode: (raw) => raw.length, onMessage: (data) => data.toFixed() }).data)
  same<CPU | null>()(useSSE({ url: '/events' }, { decode: cpuSchema }).data)
  same<number | undefined>()(useSSE('/events', { history: 5, decode: cpuSchema, select: ({ data }) => data?.cpu }))
  same<unknown>()(useSSE('/events', { decode: json() }).data)

  useSSEEvent({ url: '/events', decode: cpuSchema }, 'a', (data, event) => {
    same<CPU>()(data)
    same<CPU>()(event.data)
  })
  useSSEEvent('/events', ['a', 'b'], (data) => same<CPU>()(data), { decode: cpuSchema })
  same<number>()(useSSEReducer({ url: '/events', decode: cpuSchema }, (sum, { data }) => sum + data.cpu, 0))
  same<number>()(useSSEReducer('/events', (sum, { data }) => sum + data.length, 0, { decode: 'text' }))

  const { latest, lastEvent } = useSSE('/events', {
    events: { a: json<1>(), b: 'text' },
    onMessage: (_, event) => event.type === 'b' && same<string>()(event.data),
  })
  same<1 | undefined>()(latest.a?.data)
  if (lastEvent?.type === 'b') same<string>()(lastEvent.data)
  same<string | undefined>()(useSSE('/events', { events: { b: text() }, select: (s) => s.latest.b?.data }))
  // @ts-expect-error no such decoder
  useSSE('/events', { decode: 'jsn' })
}

type Unchecked = ReturnType<typeof JSON.parse>
type IsUnchecked<T> = 0 extends 1 & T ? true : false

export function Believed() {
  const onMessage = (data: CPU) => void data
  const until = () => true
  const events = { a: cpuSchema }
  same<CPU | null>()(useSSE<CPU>('/events', { decode: 'json', history: 5, onMessage, until }).data)
  // @ts-expect-error events say themselves what they are
  useSSE<CPU>('/events', { events })
  same<CPU | null>()(useSSE<CPU>({ url: '/events', decode: cpuSchema }).data)
  // @ts-expect-error with select both type arguments, or none
  useSSE<CPU>('/events', { decode: cpuSchema, select: ({ data }) => data?.cpu })
  same<CPU | null>()(useSSE('/events', { onMessage }).data)
  same<CPU | null>()(useSSE({ url: '/events', onMessage }).data)
  const annotated: SSEResult<SSEEvent<CPU>> = useSSE('/events', { history: 5 })
  same<number>()(useSSEReducer<CPU, number>('/events', (sum, { data }) => sum + data.cpu, 0))
  same<number>()(useSSEReducer('/events', (sum, { data }: SSEEvent<CPU>) => sum + data.cpu, 0))
  void annotated
  const unchecked = useSSE<Unchecked>('/events', { decode: 'text' })
  same<true>()<IsUnchecked<typeof unchecked.data>>()
  // @ts-expect-error a definition says itself what its events are
  useSSE<CPU>(ops)
  // @ts-expect-error a typo in the type
  useSSEEvent<CPU>(ops, 'jsn', () => {})
}

/** Nobody waits for what these give. Where any type will do (`decode`, `select`, `notify`), it is told when it is called. */
export function Asynchronous() {
  // @ts-expect-error a promise is no answer
  useSSE('/events', { until: async () => true })
  // @ts-expect-error a promise is no answer
  useSSE('/events', { isError: async () => true })
  // @ts-expect-error a promise is no answer
  useSSE('/events', { retry: async () => 5 })
  // @ts-expect-error a promise is no answer
  useSSE('/events', { idleTimeout: async () => 5 })
  // @ts-expect-error a promise is no answer
  useSSE('/events', { select: () => 1, isEqual: async () => true })
  // @ts-expect-error a promise is no answer
  useSSEReducer('/events', async (count: number) => count, 0)
  // @ts-expect-error a promise is no answer
  useSSEReducer('/events', (count: number) => count, 0, { recover: async () => 1 })
  // What an asynchronous decoder or selection makes shows in the types.
  same<Promise<number> | null>()(useSSE('/events', { decode: async (raw) => raw.length }).data)
  same<Promise<number>>()(useSSE('/events', { select: async () => 5 }))
}

export function Requests() {
  const chat = useSSERequest({
    url: '/chat',
    decode: json<{ text: string }>(),
    initial: '',
    reduce: (answer, { data }) => answer + data.text,
    until: ({ raw }) => raw === '[DONE]',
  })
  same<string>()(chat.value)
  same<Promise<string>>()(chat.start({ body: { prompt: 'hi' } }))
  const mapped = useSSERequest({
    url: '/job',
    events: { step: json<{ at: number }>(), log: text() },
    initial: { at: 0, lines: [] as string[] },
    reduce: (job, event) => (event.type === 'step' ? { ...job, at: event.data.at } : { ...job, lines: [...job.lines, event.data] }),
  })
  same<{ at: number; lines: string[] }>()(mapped.value)
  const said = useSSERequest({ url: '/answer', ...anthropicMessages() })
  same<Answer>()(said.value)
  same<AnthropicMessagesEvent | null>()(useSSE({ url: '/answer', ...anthropicMessages() }).data)
  // @ts-expect-error what it makes of an event is another type than it begins with
  useSSERequest({ url: '/chat', decode: text(), initial: 0, reduce: (answer: number, { data }) => answer + data })
  // @ts-expect-error a list without a type: the message says `[] as string[]`
  useSSERequest({ url: '/chat', decode: text(), initial: [], reduce: (lines, { data }) => [...lines, data] })
  // @ts-expect-error nor does null say what comes
  useSSERequest({ url: '/chat', decode: text(), initial: null, reduce: (_, { data }) => data })
  same<string[]>()(useSSERequest({ url: '/chat', decode: text(), initial: [] as string[], reduce: (lines, { data }) => [...lines, data] }).value)
  same<string[]>()(useSSERequest<string[], string>({ url: '/chat', initial: [], reduce: (lines, { data }) => [...lines, data] }).value)
  // @ts-expect-error it has no end without a beginning
  useSSERequest({ url: '/chat', reduce: (answer: string) => answer })
}

/** Hooks around the hooks. */
export const useSelected = <R,>(select: (snapshot: SSESnapshot<EventsOf<typeof ops.events>>) => R): R => useSSE(ops, { select })
export const useFolded = <S,>(reduce: (state: S, event: SSEEvent) => S, initial: S): S => useSSEReducer('/events', reduce, initial)
export function useListened<K extends 'json' | 'text'>(wanted: K, listener: (of: K, data: EventsOf<typeof ops.events>['data']) => void) {
  useSSEEvent(ops, wanted, (value) => listener(wanted, value))
}
export const useStream = <T,>(url: string) => useSSE<T>(url)
export function useAny(source: SSESource, options?: UseSSEOptions): SSEResult {
  same<number>()(useSSE(source, { select: ({ attempt }) => attempt }))
  useSSEEvent(source, 'a', (data, event) => {
    same<unknown>()(data)
    same<'a'>()(event.type)
  })
  same<number>()(useSSEReducer(source, (sum, { seq }) => sum + seq, 0))
  return useSSE(source, options)
}
export const useBelieved = <T,>(source: PlainSource<SSEEvent<T>>): SSEResult<SSEEvent<T>> => useSSE(source)
export function useDefined<M extends EventMap>(source: SSEDefinition<M> | MappedSource<M>): SSEResult<EventsOf<M>> {
  return useSSE(source)
}
export const useChecked = <T,>(url: string, decode: StandardSchema<T>): T | null => useSSE(url, { decode }).data
export const useRead = <T,>(url: string, decode: DecodeFunction<T>): T | null => useSSE({ url, decode }).data
export const useDecoded = <D extends Decoder>(url: string, decode: D) => useSSE({ url, decode }).data

export function Wrapped() {
  useAny(ops)
  useAny('/events')
  useAny({ url: '/events', decode: cpuSchema })
  useAny({ url: '/events', events: { a: cpuSchema } })
  same<string | undefined>()(useDefined(ops).latest.text?.data)
  same<CPU | null>()(useChecked('/events', cpuSchema))
  same<CPU | null>()(useDecoded('/events', cpuSchema))
}

export function subscribe(client: SSEClient, source: SSESource) {
  same<unknown>()(client.subscribe(source, { onMessage: (_, event) => same<string>()(event.type) }).getSnapshot().data)
  same<CPU | null>()(client.subscribe<CPU>('/events', { decode: 'json', history: 5 }).getSnapshot().data)
  const decoded = client.subscribe({ url: '/events', decode: cpuSchema, onMessage: ({ cpu }) => cpu })
  same<CPU | null>()(decoded.getSnapshot().data)
  const letters = client.subscribe('/events', { decode: text(), onChange: ({ data }) => data?.length })
  same<string | null>()(letters.getSnapshot().data)
  const mapped = client.subscribe({
    url: '/events',
    events: { a: json<1>(), b: text() },
    onMessage: (_, event) => event.type === 'b' && same<string>()(event.data),
    history: 5,
  })
  same<1 | undefined>()(mapped.getSnapshot().latest.a?.data)
  // @ts-expect-error an option that does not exist
  client.subscribe({ url: '/events', events: { a: text() }, histroy: 5 })
  // @ts-expect-error no event's data
  client.subscribe({ url: '/events', events: { a: text() } }, { onMessage: (data: symbol) => data })
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

// What is `any` stays so.
same<true>()<IsUnchecked<Decoded<Unchecked>>>()
same<true>()<IsUnchecked<Decoded<StandardSchema<Unchecked>>>>()

export async function Server() {
  const stock = defineSSE({
    url: '/events',
    events: {
      zod: z.object({ at: z.string().transform((at) => new Date(at)), size: z.number().default(1) }),
      valibot: v.object({ name: v.string() }),
      arktype: type({ up: 'boolean' }),
      json: json<{ title: string }>(),
      text: text(),
      word: 'text',
      any: 'json',
      own: (raw: string) => raw.length,
    },
  })
  // What a schema takes, not what it makes.
  encodeEvent(stock, { type: 'zod', data: { at: '2026-01-01' }, id: '1', retry: 1, comment: 'a' })
  encodeEvent(stock, { type: 'valibot', data: { name: 'a' } })
  encodeEvent(stock, { type: 'arktype', data: { up: true } })
  encodeEvent(stock, { type: 'json', data: { title: 'a' } })
  encodeEvent(stock, { type: 'text', data: 'a' })
  encodeEvent(stock, { type: 'word', data: 'a' })
  encodeEvent(stock, { type: 'any', data: [1, null] })
  encodeEvent(stock, { type: 'own', data: 'abc' })
  encodeEvent(stock, { type: 'own', data: 3 })
  encodeEvent(stock, { retry: 1 })
  encodeEvent({ type: 'anything', data: 1n })
  // @ts-expect-error what the schema makes, not what it takes
  encodeEvent(stock, { type: 'zod', data: { at: new Date(), size: 1 } })
  // @ts-expect-error a wrong payload
  encodeEvent(stock, { type: 'valibot', data: { name: 1 } })
  // @ts-expect-error a wrong payload
  encodeEvent(stock, { type: 'arktype', data: { up: 'yes' } })
  // @ts-expect-error a wrong payload
  encodeEvent(stock, { type: 'json', data: { titel: 'a' } })
  // @ts-expect-error text is a string
  encodeEvent(stock, { type: 'text', data: 1 })
  // @ts-expect-error text is a string
  encodeEvent(stock, { type: 'word', data: { a: 1 } })
  // @ts-expect-error neither text nor what the function makes
  encodeEvent(stock, { type: 'own', data: { a: 1 } })
  // @ts-expect-error a typo in the type
  encodeEvent(stock, { type: 'jsn', data: 1 })
  // @ts-expect-error no data
  encodeEvent(stock, { type: 'json' })
  // @ts-expect-error data of no type
  encodeEvent(stock, { data: 1 })
  // @ts-expect-error an id is text
  encodeEvent(stock, { type: 'text', data: 'a', id: 1 })

  same<Response>()(eventStream(stock, [{ type: 'text', data: 'a' }], { heartbeatMs: false, retry: 1, headers: resumeHeaders('1') }))
  eventStream(stock, async function* (signal) {
    same<AbortSignal>()(signal)
    yield { type: 'json', data: { title: 'a' } } as const
  })
  eventStream(async function* () {
    yield { data: lastEventIdOf(new Request('/'), { param: 'after' }) }
  })
  // @ts-expect-error a wrong payload
  eventStream(stock, [{ type: 'json', data: { titel: 'a' } }])
  // @ts-expect-error no heartbeat of its own
  eventStream(stock, [], { heartbeat: 1 })
}
