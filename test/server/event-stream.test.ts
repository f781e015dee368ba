import type { WireEvent } from 'eventwire/server'
import { defineSSE, json, readSSE } from 'eventwire/core'
import { eventStream } from 'eventwire/server'
import { describe, expect, it, vi } from 'vitest'

const decoder = new TextDecoder()

/** Reads chunk by chunk, as text. */
function reading(response: Response) {
  const reader = response.body?.getReader()
  return {
    next: async () => {
      const chunk = await reader?.read()
      return chunk?.done ? null : decoder.decode(chunk?.value)
    },
    cancel: () => reader?.cancel(),
  }
}

/** A source that gives what it is told to, and knows what became of it. */
function source() {
  const waiting: ((result: IteratorResult<WireEvent, undefined>) => void)[] = []
  const seen = { asked: 0, returned: 0, signal: undefined as AbortSignal | undefined }
  return {
    seen,
    give: (event: WireEvent) => waiting.shift()?.({ done: false, value: event }),
    open(signal: AbortSignal): AsyncIterable<WireEvent> {
      seen.signal = signal
      return {
        [Symbol.asyncIterator]: () => ({
          next: () => {
            seen.asked += 1
            return new Promise<IteratorResult<WireEvent, undefined>>((resolve) => waiting.push(resolve))
          },
          return: async () => {
            seen.returned += 1
            return { done: true, value: undefined }
          },
        }),
      }
    },
  }
}

describe('the answer', () => {
  it('has the right headers, and those that are asked for', () => {
    expect(Object.fromEntries(eventStream([]).headers)).toEqual({
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    })
    const { headers, status } = eventStream([], { headers: { 'Cache-Control': 'no-store', 'X-A': '1' } })
    expect([status, headers.get('cache-control'), headers.get('x-a')]).toEqual([200, 'no-store', '1'])
    const cookies = eventStream([], { headers: [['Set-Cookie', 'a=1'], ['Set-Cookie', 'b=2']] }).headers
    expect(cookies.getSetCookie()).toEqual(['a=1', 'b=2'])
  })

  it('begins with a comment at once, and the reconnection time', async () => {
    const { next, cancel } = reading(eventStream(source().open, { retry: 3000 }))
    expect(await next()).toBe(': \nretry: 3000\n\n')
    await cancel()
  })

  it('sends what an iterable gives, and ends with it', async () => {
    async function* events() {
      yield { data: 1, id: '1' }
      yield { type: 'a', data: 'x' }
    }
    const expected = ': \n\nid: 1\ndata: 1\n\nevent: a\ndata: x\n\n'
    expect(await eventStream(events()).text()).toBe(expected)
    expect(await eventStream([{ data: 1, id: '1' }, { type: 'a', data: 'x' }]).text()).toBe(expected)
    expect(await eventStream(undefined, events).text()).toBe(expected)
  })

  it('writes by a definition, which the client reads it by', async () => {
    const ops = defineSSE({ url: '/events', events: { word: json<string>(), count: json<number>() } })
    const response = eventStream(ops, [{ type: 'word', data: 'a' }, { comment: 'x' }, { type: 'count', data: 2 }])
    const data: (string | number)[] = []
    for await (const event of readSSE(response, { events: ops.events })) data.push(event.data)
    expect(data).toEqual(['a', 2])
  })

  it('refuses what is no source, and no time, at the call', () => {
    expect(() => eventStream('text' as unknown as [])).toThrow(TypeError)
    expect(() => eventStream(undefined, {} as [])).toThrow('eventStream needs an iterable of events')
    expect(() => eventStream([], { heartbeatMs: Number.NaN })).toThrow('heartbeatMs is NaN: a time in ms, or false')
    expect(() => eventStream([], { retry: -1 })).toThrow('retry is -1')
  })
})

describe('heartbeats', () => {
  it('come after each silence, to who reads, and end with the client', async () => {
    vi.useFakeTimers()
    try {
      const { open, give } = source()
      const { next, cancel } = reading(eventStream(open, { heartbeatMs: 1000 }))
      expect(await next()).toBe(': \n\n')
      const beat = next()
      await vi.advanceTimersByTimeAsync(1000)
      expect(await beat).toBe(':\n\n')
      const after = next()
      await vi.advanceTimersByTimeAsync(900)
      give({ data: 1 })
      expect(await after).toBe('data: 1\n\n')
      // An event is a sign of life: the silence begins anew.
      const late = next()
      const heard = vi.fn()
      void late.then(heard)
      await vi.advanceTimersByTimeAsync(999)
      expect(heard).not.toHaveBeenCalled()
      await vi.advanceTimersByTimeAsync(1)
      expect(heard).toHaveBeenCalledWith(':\n\n')
      expect(vi.getTimerCount()).toBe(1)
      await cancel()
      expect(vi.getTimerCount()).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })

  it('do not pile up before a client that takes nothing, and false sends none', async () => {
    vi.useFakeTimers()
    try {
      const { next, cancel } = reading(eventStream(source().open, { heartbeatMs: 10 }))
      await next()
      await vi.advanceTimersByTimeAsync(1000)
      const pile = vi.fn()
      await next()
      void next().then(pile)
      await vi.advanceTimersByTimeAsync(9)
      expect(pile).not.toHaveBeenCalled()
      await cancel()
      const never = reading(eventStream(source().open, { heartbeatMs: false }))
      await never.next()
      expect(vi.getTimerCount()).toBe(0)
      await never.cancel()
    } finally {
      vi.useRealTimers()
    }
  })

  it('are every 15 s unless said otherwise', async () => {
    vi.useFakeTimers()
    try {
      const { next, cancel } = reading(eventStream(source().open))
      await next()
      const heard = vi.fn()
      void next().then(heard)
      await vi.advanceTimersByTimeAsync(14_999)
      expect(heard).not.toHaveBeenCalled()
      await vi.advanceTimersByTimeAsync(1)
      expect(heard).toHaveBeenCalledOnce()
      await cancel()
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('back-pressure', () => {
  it('asks for nothing before somebody reads, and one event ahead after that', async () => {
    const { seen, open, give } = source()
    const { next, cancel } = reading(eventStream(open, { heartbeatMs: false }))
    await Promise.resolve()
    expect(seen).toMatchObject({ asked: 0, signal: undefined })
    await next()
    await vi.waitFor(() => expect(seen.asked).toBe(1))
    give({ data: 1 })
    await new Promise(setImmediate)
    expect(seen.asked).toBe(1)
    await next()
    await vi.waitFor(() => expect(seen.asked).toBe(2))
    await cancel()
  })
})

describe('when the client leaves', () => {
  it('aborts the signal and returns the iterator, once', async () => {
    const { seen, open, give } = source()
    const { next, cancel } = reading(eventStream(open))
    await next()
    await vi.waitFor(() => expect(seen.asked).toBe(1))
    expect(seen.signal?.aborted).toBe(false)
    await cancel()
    expect(seen).toMatchObject({ returned: 1, signal: { aborted: true } })
    // What comes too late goes nowhere.
    give({ data: 1 })
    await new Promise(setImmediate)
    expect(seen).toMatchObject({ asked: 1, returned: 1 })
  })

  it('a generator runs its clean-up', async () => {
    const cleaned = vi.fn()
    async function* events() {
      try {
        for (let id = 1; ; id += 1) yield { id: String(id), data: id }
      } finally {
        cleaned()
      }
    }
    const { next, cancel } = reading(eventStream(events))
    await next()
    expect(await next()).toBe('id: 1\ndata: 1\n\n')
    await cancel()
    await vi.waitFor(() => expect(cleaned).toHaveBeenCalledOnce())
  })

  it('a clean-up that throws harms nobody', async () => {
    const events = { [Symbol.iterator]: () => ({ next: () => ({ done: false, value: { data: 1 } }), return: () => { throw new Error('late') } }) }
    const { next, cancel } = reading(eventStream(events))
    await next()
    await next()
    await expect(cancel()).resolves.toBeUndefined()
  })
})

describe('what the source throws', () => {
  it.each<[what: string, source: () => Iterable<WireEvent>]>([
    ['at the call', () => { throw new Error('broken') }],
    ['later', function* () { yield { data: 1 }; throw new Error('broken') }],
  ])('%s breaks the stream', async (_, open) => {
    vi.useFakeTimers()
    try {
      await expect(eventStream(open).text()).rejects.toThrow('broken')
      expect(vi.getTimerCount()).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })

  it('an event that can not be written breaks the stream, and returns the iterator', async () => {
    const cleaned = vi.fn()
    function* events() {
      try {
        yield { data: 1, id: 'a\nb' }
      } finally {
        cleaned()
      }
    }
    await expect(eventStream(events()).text()).rejects.toThrow("An event's id has a line break")
    expect(cleaned).toHaveBeenCalledOnce()
  })
})
