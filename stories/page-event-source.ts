import type { Clock } from 'eventwire/core'
import type { EventSourceEvent, EventSourceLike } from 'eventwire/native'
import { createParser } from 'eventwire/core'

type Listener = (event: EventSourceEvent) => void

const CONNECTING = 0
const OPEN = 1
const CLOSED = 2

/**
 * An EventSource over any fetch and any clock, that does what the standard says of a browser's: it delivers a type to
 * who named it, reconnects by itself, gives up at a status other than 200, and tells nobody why.
 */
export function createPageEventSource(fetchPage: typeof fetch, clock: Clock): new (url: string) => EventSourceLike {
  return class PageEventSource implements EventSourceLike {
    readyState = CONNECTING
    readonly #url: string
    readonly #listeners = new Map<string, Set<Listener>>()
    readonly #controller = new AbortController()
    #lastEventId = ''
    #retryMs = 3_000
    #timer: unknown

    constructor(url: string) {
      this.#url = url
      void this.#connect()
    }

    addEventListener(type: string, listener: Listener) {
      this.#listeners.set(type, (this.#listeners.get(type) ?? new Set()).add(listener))
    }

    removeEventListener(type: string, listener: Listener) {
      this.#listeners.get(type)?.delete(listener)
    }

    close() {
      this.readyState = CLOSED
      clock.clearTimeout(this.#timer)
      this.#controller.abort()
    }

    #dispatch(event: EventSourceEvent) {
      for (const listener of this.#listeners.get(event.type) ?? []) listener(event)
    }

    async #connect() {
      const { signal } = this.#controller
      try {
        const cursor = this.#lastEventId
        const headers = { Accept: 'text/event-stream', ...(cursor && { 'Last-Event-ID': cursor }) }
        const { status, body } = await fetchPage(this.#url, { headers, signal })
        if (status !== 200 || !body) {
          this.readyState = CLOSED
          return this.#dispatch({ type: 'error' })
        }
        this.readyState = OPEN
        this.#dispatch({ type: 'open' })
        await this.#read(body.getReader())
      } catch {
        // The browser, too, takes a failed request and a broken body for the same.
      }
      if (signal.aborted) return
      this.readyState = CONNECTING
      this.#dispatch({ type: 'error' })
      this.#timer = clock.setTimeout(() => void this.#connect(), this.#retryMs)
    }

    async #read(reader: ReadableStreamDefaultReader<Uint8Array>) {
      const parser = createParser({
        lastEventId: this.#lastEventId,
        onEvent: (event) => this.#dispatch(event),
        onRetry: (ms) => (this.#retryMs = ms),
      })
      for (;;) {
        const { done, value } = await reader.read()
        if (done || this.readyState === CLOSED) return
        parser.feed(value)
        this.#lastEventId = parser.lastEventId
      }
    }
  }
}
