import { json, readSSE } from 'eventwire/core'
import { describe, expect, it, vi } from 'vitest'

const STREAM = { headers: { 'Content-Type': 'text/event-stream' } }
const bytes = (text: string, cancel?: () => void) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(text))
      if (!cancel) controller.close()
    },
    ...(cancel && { cancel }),
  })

async function all(events: AsyncIterable<{ data: unknown }>) {
  const data: unknown[] = []
  for await (const event of events) data.push(event.data)
  return data
}

describe('readSSE', () => {
  it('reads a Response that one has, typed by its decoder', async () => {
    expect(await all(readSSE(new Response('data: 1\n\ndata: 2\n\n', STREAM), { decode: json<number>() }))).toEqual([1, 2])
    expect(await all(readSSE(new Response('data: 1\n\n', { ...STREAM, status: 201 })))).toEqual([1])
  })

  it('reads a stream of bytes', async () => {
    expect(await all(readSSE(bytes('event: a\ndata: x\n\nevent: b\ndata: y\n\n'), { events: { a: 'text' } }))).toEqual(['x'])
  })

  it('until ends it, and gives the body back', async () => {
    const cancel = vi.fn()
    expect(await all(readSSE(bytes('data: 1\n\ndata: [DONE]\n\n', cancel), { until: ({ raw }) => raw === '[DONE]' }))).toEqual([1])
    await vi.waitFor(() => expect(cancel).toHaveBeenCalledTimes(1))
  })

  it('break and the signal give the body back', async () => {
    for (const signal of [undefined, AbortSignal.timeout(20)]) {
      const cancel = vi.fn()
      for await (const _ of readSSE(bytes('data: 1\n\n', cancel), { signal })) if (!signal) break
      await vi.waitFor(() => expect(cancel).toHaveBeenCalledTimes(1))
    }
  })

  it.each<[string, Response, object]>([
    ['a refusal', new Response('no', { status: 403 }), { code: 'status', status: 403, body: 'no' }],
    ['no event stream', new Response('<p>', { headers: { 'Content-Type': 'text/html' } }), { code: 'content-type' }],
    ['a cut event', new Response('data: 1', STREAM), { code: 'interrupted' }],
  ])('%s is the error that openSSE throws', async (_, response, error) => {
    await expect(all(readSSE(response))).rejects.toMatchObject(error)
  })

  it('one that ends before its until is interrupted', async () => {
    await expect(all(readSSE(new Response('data: 1\n\n', STREAM), { until: () => false }))).rejects.toMatchObject({ code: 'interrupted' })
  })

  it('a body that was read already is misuse', async () => {
    const response = new Response('data: 1\n\n', STREAM)
    await response.text()
    expect(() => readSSE(response)).toThrow(/was read already/)
  })
})
