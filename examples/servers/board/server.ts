// A dashboard's stream: who comes gets the state, and then what changes; who comes back gets what changed meanwhile.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ReadableStream } from 'node:stream/web'
import type { RunningServer, ServeOptions } from '../stream.ts'
import type { Board, BoardEvent, Change } from './board.ts'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { eventStream, lastEventIdOf, resumeHeaders } from 'eventwire/server'
import { createEventLog } from '../event-log.ts'
import { endOrderly } from '../orderly-end.ts'
import { CORS } from '../stream.ts'
import { board, EMPTY, fold } from './board.ts'

export interface BoardServer extends RunningServer {
  /** What it stands at now. */
  readonly state: Board
  change(change: Change): Promise<void>
  /** Every client loses its connection, as when a network breaks. */
  drop(): void
  readonly readers: number
}

/**
 * @param kept - how many changes it can replay
 * @param tooOld - what it does for who was away for longer: `'refuse'` by 410, so that the client starts over; or begin
 *   with the state again, `'restate'`, which the client can't tell from a resume but by the event
 */
export async function serve({ port, heartbeatMs }: ServeOptions, kept = 500, tooOld: 'refuse' | 'restate' = 'refuse'): Promise<BoardServer> {
  const log = createEventLog<Extract<BoardEvent, { type: 'change' }>>(kept)
  const open = new Set<ServerResponse>()
  let state = EMPTY

  async function* events(after: string, resumes: boolean, signal: AbortSignal) {
    // What it is when they begin to read, and the id of the last change that is in it.
    if (!resumes) yield { type: 'state', data: state, id: log.newest } as const
    yield* log.read(after, signal)
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    if (request.method === 'OPTIONS') return response.writeHead(204, CORS).end()
    const lastEventId = lastEventIdOf(request)
    const resumes = lastEventId !== '' && (await log.reaches(lastEventId))
    if (lastEventId !== '' && !resumes && tooOld === 'refuse') return response.writeHead(410, CORS).end()
    const after = resumes ? lastEventId : log.newest
    // Vouched for only where nothing is missing.
    const headers = { ...CORS, ...(resumes && resumeHeaders(lastEventId)) }
    const stream = eventStream(board, (signal) => events(after, resumes, signal), { heartbeatMs, headers })
    response.writeHead(200, Object.fromEntries(stream.headers))
    open.add(response)
    response.on('close', () => open.delete(response))
    // A seam: the web's stream has one type in the DOM and one in Node. `pipeline` cancels it when the client leaves.
    return pipeline(Readable.fromWeb(stream.body as ReadableStream), response)
  }

  const server = createServer((request, response) => void answer(request, response).catch(() => response.destroy())).listen(port)
  await once(server, 'listening')
  return {
    // A seam: it listens to TCP.
    port: (server.address() as AddressInfo).port,
    get state() {
      return state
    },
    async change(change) {
      state = fold(state, { type: 'change', data: change })
      await log.append({ type: 'change', data: change })
    },
    drop: () => open.forEach((response) => response.destroy()),
    get readers() {
      return log.readers
    },
    stop: () => endOrderly(server, log),
  }
}
