import type { EventStream } from './event-stream.ts'
import type { Message, Model } from './model.ts'

/** One question to the model, whose answer goes on whether or not a page reads it. */
export interface Run {
  readonly over: boolean
  /** How many events there are so far; their ids count from 1. */
  readonly length: number
  /** How many pages read it. */
  readonly readers: number
  /** Sends what came after the event `id`, and what is to come. */
  join(stream: EventStream, id: number): void
  leave(stream: EventStream): void
  /** Ends the answer here. */
  stop(): void
  /** Cuts the connections of all that read it. The answer goes on. */
  cut(): void
}

/** @param onEnd - called once, when the last event is there */
export function startRun(model: Model, messages: readonly Message[], onEnd: () => void): Run {
  const events: string[] = []
  const streams = new Set<EventStream>()
  const asked = new AbortController()
  let over = false

  function append(data: string): void {
    events.push(data)
    for (const stream of streams) stream.send({ id: events.length, data })
  }

  async function write(): Promise<void> {
    try {
      for await (const chunk of model.ask(messages, asked.signal)) append(JSON.stringify(chunk))
      // The SDK keeps the vendor's end to itself.
      append('[DONE]')
    } catch (error) {
      // Inside an answer that has begun no status can say so any more. In the vendor's own form the page knows it.
      const message = asked.signal.aborted ? 'The answer was stopped.' : error instanceof Error ? error.message : String(error)
      append(JSON.stringify({ error: { message } }))
    }
    over = true
    for (const stream of streams) stream.end()
    onEnd()
  }
  void write()

  return {
    get over() {
      return over
    },
    get length() {
      return events.length
    },
    get readers() {
      return streams.size
    },
    join(stream, id) {
      for (const [index, data] of events.entries()) if (index >= id) stream.send({ id: index + 1, data })
      if (over) stream.end()
      else streams.add(stream)
    },
    leave: (stream) => void streams.delete(stream),
    stop: () => asked.abort(),
    cut() {
      for (const stream of [...streams]) stream.cut()
    },
  }
}
