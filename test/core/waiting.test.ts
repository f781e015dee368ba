import type { ClientOptions, TransportSink } from 'eventwire/core'
import { createSSEClient, SSEError } from 'eventwire/core'
import { createVirtualClock } from 'eventwire/testing'
import { expect, it } from 'vitest'

/** A transport that, as EventSource does, reconnects by itself. */
function setup(options: ClientOptions = {}) {
  const clock = createVirtualClock()
  const sinks: TransportSink[] = []
  let closed = 0
  const transport = {
    name: 'native',
    can: new Set<never>(),
    open(_: unknown, sink: TransportSink) {
      sinks.push(sink)
      return { close: () => void closed++, listen() {} }
    },
  }
  const reader = createSSEClient({ clock, transport, ...options }).subscribe('/events')
  return { clock, reader, sinks, closed: () => closed }
}

it('a transport that reconnects by itself is one attempt, however often', () => {
  const { reader, sinks, closed } = setup()
  sinks[0]?.open({})
  for (let time = 0; time < 10; time++) {
    sinks[0]?.waiting()
    expect(reader.getSnapshot()).toMatchObject({ status: 'reconnecting', retryAt: null, attempt: 0 })
    sinks[0]?.open({ resumed: true })
    expect(reader.getSnapshot().status).toBe('open')
  }
  expect([sinks.length, closed()]).toEqual([1, 0])
})

it('is closed where nothing may be asked for again', () => {
  for (const options of [{ retry: { attempts: 0 } }, { live: false }]) {
    const { reader, sinks, closed } = setup(options)
    sinks[0]?.open({})
    sinks[0]?.waiting()
    expect(reader.getSnapshot()).toMatchObject({ status: 'failed', error: { code: 'interrupted' } })
    expect(closed()).toBe(1)
  }
})

it('EventSource that gives up is tried at most 5 times more without an open', async () => {
  const { clock, reader, sinks } = setup()
  const giveUp = () => sinks.at(-1)?.fail(new SSEError('native-closed', 'gave up', { retryable: true }))
  for (let time = 0; time < 8; time++) {
    // Short opens count as opens.
    sinks.at(-1)?.open({})
    giveUp()
    await clock.advance(60_000)
  }
  expect(reader.getSnapshot().status).toBe('reconnecting')
  const before = sinks.length
  for (let time = 0; time < 10; time++) {
    giveUp()
    await clock.advance(60_000)
  }
  expect(reader.getSnapshot()).toMatchObject({ status: 'failed', error: { code: 'native-closed' } })
  // One of the five was used by the last that had opened.
  expect(sinks.length - before).toBe(4)
})
