import type { SSEError, SubscribeOptions } from 'eventwire/core'
import { createSSEClient } from 'eventwire/core'
import { createSSEServer } from 'eventwire/testing/node'
import { describe, expect, it, vi } from 'vitest'
import { harness } from '../client/harness.js'

describe('facts are told one after the other, each to every reader', () => {
  const noting = () => {
    const log: string[] = []
    const options = {
      onOpen: () => void log.push('open'),
      onMessage: () => void log.push('message'),
      onError: () => void log.push('error'),
      onClose: () => void log.push('close'),
    }
    return { log, options }
  }

  it.each<['onOpen' | 'onMessage' | 'onError', string[]]>([
    ['onOpen', ['open', 'close']],
    ['onMessage', ['open', 'message', 'close']],
    ['onError', ['open', 'message', 'error', 'close']],
  ])('when %s of the first closes the stream', async (callback, expected) => {
    const { client, transport } = harness()
    const { log, options } = noting()
    const first = client.subscribe('/events', { [callback]: () => first.close() })
    client.subscribe('/events', options)
    const stream = await transport.connected()
    if (stream.state === 'open') stream.send({ data: 1 })
    if (stream.state === 'open') stream.drop()
    expect(log).toEqual(expected)
  })

  it('when onChange closes it as it opens', async () => {
    const { client, transport } = harness()
    const { log, options } = noting()
    const reader = client.subscribe('/events', {
      ...options,
      onChange: ({ status }) => status === 'open' && reader.close(),
    })
    await transport.connected()
    expect(log).toEqual(['open', 'close'])
    expect(reader.getSnapshot().status).toBe('closed')
  })
})

it('a snapshot published within another is not overwritten by the older one', async () => {
  const { client, clock, transport } = harness()
  const json = client.subscribe<number>('/events', { onChange: ({ data }) => data === 1 && json.close() })
  const text = client.subscribe('/events', { decode: 'text' })
  ;(await transport.connected()).send({ data: 1 })
  await clock.advance(1_000)
  expect(json.getSnapshot().status).toBe('closed')
  expect(text.getSnapshot()).toMatchObject({ status: 'closed', isConnected: false, data: '1' })
})

it('nothing is called before subscribe has returned, and nothing after it was left', async () => {
  const { client, clock, uncaught } = harness()
  const statuses: string[] = []
  const reader = client.subscribe('/events', { onChange: () => statuses.push(reader.getSnapshot().status) })
  expect(statuses).toEqual([])
  const left = client.subscribe('/other', { onChange: () => statuses.push('left') })
  left()
  await clock.advance(0)
  expect(statuses).toEqual(['connecting'])
  expect(uncaught).toEqual([])
})

it.each<[string, SubscribeOptions]>([
  ['onMessage', { onMessage: () => Promise.reject(new Error('mine')) }],
  ['onChange', { onChange: ({ data }) => (data === 1 ? Promise.reject(new Error('mine')) : undefined) }],
])('an async %s that throws is heard of like any other', async (_, options) => {
  const { client, clock, transport, uncaught } = harness()
  client.subscribe('/events', { ...options, events: undefined })
  ;(await transport.connected()).send({ data: 1 })
  await clock.advance(0)
  expect(uncaught).toMatchObject([{ message: 'mine' }])
})

it('a scheduler that throws breaks nothing, and is asked again', async () => {
  const server = await createSSEServer()
  const uncaught: unknown[] = []
  const onError = vi.fn<(error: SSEError) => void>()
  const client = createSSEClient({ onUncaught: (error) => uncaught.push(error) })
  let works = false
  const reader = client.subscribe(server.url, {
    onError,
    notify(flush) {
      if (!works) throw new Error('mine')
      flush()
    },
  })
  const stream = await server.connected()
  stream.send({ data: 1 })
  await vi.waitFor(() => expect(uncaught).toHaveLength(1))
  works = true
  stream.send({ data: 2 })
  await vi.waitFor(() => expect(reader.getSnapshot()).toMatchObject({ status: 'open', data: 2 }))
  expect(onError).not.toHaveBeenCalled()
  reader()
  await server.close()
})

it('a reader that its until has ended acts on the stream no more', async () => {
  const { client, transport } = harness()
  const done = client.subscribe('/events', { until: () => true })
  const other = client.subscribe('/events')
  ;(await transport.connected()).send({ data: 1 })
  expect(done.getSnapshot().status).toBe('closed')
  done.close()
  expect(other.getSnapshot().status).toBe('open')
})
