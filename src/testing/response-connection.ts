import type { RequestHeaders } from 'eventwire/core'
import type { MockConnection } from './mock-interface.js'
import { responseError } from 'eventwire/core'
import { createConnectionState } from './connection-state.js'
import { formatEvent } from '../protocol/format-event.js'
import { answering } from './answering.js'
import { textOfHeader } from '../protocol/header-text.js'
import { jsonBody } from './json-body.js'
import { realTimers } from './real-timers.js'

/** In Node, MSW writes HTTP: without it a body ends with its connection, whether that broke or not. Pages ignore it. */
const CHUNKED = { 'transfer-encoding': 'chunked' }

/** A connection whose answer is a `Response`. */
export interface ResponseConnection {
  readonly handle: MockConnection
  /** Resolves when it is answered. */
  readonly response: Promise<Response>
}

/** @param body - the request's, as text */
export function connectResponse(request: Request, body: string): ResponseConnection {
  const life = createConnectionState()
  const encoder = new TextEncoder()
  let silent = false
  let answer: (response: Response) => void = () => {}
  const response = new Promise<Response>((resolve) => (answer = resolve))
  let controller: ReadableStreamDefaultController<Uint8Array> | null = null

  /** The client has let go: of the answer it waits for, or of the body. */
  function leave() {
    request.signal.removeEventListener('abort', leave)
    if (!life.close()) return
    answer(Response.error())
    controller = null
  }
  request.signal.addEventListener('abort', leave)

  function over(report: (open: ReadableStreamDefaultController<Uint8Array>) => void) {
    const open = controller
    leave()
    if (open) report(open)
  }

  function openWith(status: number, headers: RequestHeaders) {
    const stream = new ReadableStream<Uint8Array>({
      // In Node, MSW holds the headers back until there is a chunk.
      start: (opened) => (controller = opened).enqueue(new Uint8Array()),
      cancel: leave,
    })
    answer(new Response(stream, { status, headers: { ...CHUNKED, ...Object.fromEntries(new Headers(headers)) } }))
  }

  const handle: MockConnection = {
    request: {
      method: request.method,
      url: request.url,
      headers: Object.fromEntries(request.headers),
      body: body === '' ? undefined : body,
      json: jsonBody(body || undefined),
      lastEventId: textOfHeader(request.headers.get('last-event-id')),
    },
    get state() {
      return life.state
    },
    closed: life.closed,
    answer: answering(() => handle, realTimers),
    open(headers = {}) {
      if (silent || !life.open()) return
      openWith(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', ...Object.fromEntries(new Headers(headers)) })
    },
    send: (event) => handle.sendBytes(formatEvent(event)),
    comment: (text = '') => handle.sendBytes(`: ${text}\n\n`),
    sendBytes(bytes) {
      handle.open()
      if (!silent) controller?.enqueue(typeof bytes === 'string' ? encoder.encode(bytes) : bytes)
    },
    end() {
      handle.open()
      if (!silent) over((open) => open.close())
    },
    drop: () => over((open) => open.error(new TypeError('The connection broke'))),
    respond(status, headers = {}, text = '') {
      if (silent || life.state !== 'pending') return
      if (responseError(status, new Headers(headers), text, request.method) === null) {
        life.open()
        openWith(status, headers)
        if (text) handle.sendBytes(text)
        return
      }
      // A body is forbidden with some, a 204 for one.
      answer(new Response(text || null, { status, headers }))
      leave()
    },
    stall() {
      silent = true
    },
  }
  return { handle, response }
}
