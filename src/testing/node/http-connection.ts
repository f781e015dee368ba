import type { RequestHeaders } from 'eventwire/core'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ServerHttp2Stream } from 'node:http2'
import type { MockConnection } from '../mock-interface.js'
import type { Drip, Outflow } from './outflow.js'
import { responseError } from 'eventwire/core'
import { constants } from 'node:http2'
import { createConnectionState } from '../connection-state.js'
import { formatEvent } from '../../protocol/format-event.js'
import { answering } from '../answering.js'
import { textOfHeader } from '../../protocol/header-text.js'
import { jsonBody } from '../json-body.js'
import { realTimers } from '../real-timers.js'
import { createOutflow } from './outflow.js'

/** One connection over HTTP, and what the server may do to it beside what its handle can. */
export interface HTTPConnection {
  readonly handle: MockConnection
  readonly drip: Outflow['drip']
}

/** @param headers - what every answer carries, CORS for one */
export function connectHTTP(
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
  headers: Readonly<Record<string, string>>,
  drip: Drip | null,
): HTTPConnection {
  const life = createConnectionState()
  const encoder = new TextEncoder()
  let silent = false
  /** The last was said: nothing may follow it. */
  let ended = false
  const outflow = createOutflow((bytes) => void response.write(bytes), drip)

  // What a client broke off is its own affair.
  response.on('error', () => {})
  response.once('close', () => {
    outflow.stop()
    life.close()
  })

  function finish() {
    ended = true
    outflow.end(() => void response.end())
  }

  function writeHead(status: number, own: RequestHeaders) {
    response.writeHead(status, { ...headers, ...Object.fromEntries(new Headers(own)) })
    response.flushHeaders()
  }

  const handle: MockConnection = {
    request: {
      method: request.method ?? '',
      url: request.url ?? '',
      headers: headersOf(request),
      body: body === '' ? undefined : body,
      json: jsonBody(body || undefined),
      lastEventId: textOfHeader(String(request.headers['last-event-id'] ?? '')),
    },
    get state() {
      return life.state
    },
    closed: life.closed,
    answer: answering(() => handle, realTimers),
    open(own = {}) {
      if (silent || !life.open()) return
      writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', ...Object.fromEntries(new Headers(own)) })
    },
    send: (event) => handle.sendBytes(formatEvent(event)),
    comment: (text = '') => handle.sendBytes(`: ${text}\n\n`),
    sendBytes(bytes) {
      handle.open()
      if (!silent && !ended && life.state === 'open') outflow.write(typeof bytes === 'string' ? encoder.encode(bytes) : bytes)
    },
    end() {
      handle.open()
      if (!silent && !ended && life.state === 'open') finish()
    },
    drop() {
      outflow.stop()
      if (life.close()) breakOff(response)
    },
    respond(status, own = {}, text = '') {
      if (silent || !life.open()) return
      writeHead(status, own)
      if (text) outflow.write(encoder.encode(text))
      if (responseError(status, new Headers(own), text, request.method) !== null) finish()
    },
    stall() {
      silent = true
      outflow.stop()
    },
  }
  return { handle, drip: outflow.drip }
}

/** Breaks the connection; of HTTP/2's, the stream. */
export function breakOff(response: ServerResponse & { readonly stream?: ServerHttp2Stream }): void {
  if (response.stream) response.stream.close(constants.NGHTTP2_INTERNAL_ERROR)
  else response.destroy()
}

/** By name in lower case; without HTTP/2's own, which are no headers. */
function headersOf({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !name.startsWith(':'))
      .map(([name, value]) => [name, String(value)]),
  )
}
