import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Message, Model } from './model.ts'
import type { Run } from './run.ts'
import { openEventStream } from './event-stream.ts'
import { BadRequest, jsonBody, sendError, sendJSON } from './json-body.ts'
import { endServer, listen } from './listen.ts'
import { startRun } from './run.ts'

export interface ChatServerOptions {
  model: Model
  /** How long an answer is kept after its end, for pages that come back, in ms. Default one minute. */
  keepMs?: number
}

/** What `GET /stats` answers. */
export interface ChatStats {
  model: string
  /** How often `POST /chat` was asked for, by whom goes on too. */
  requests: number
  /** How often the model was asked. */
  runs: number
  /** Answers that are being written now. */
  running: number
  /** Answers that are kept. */
  kept: number
  /** Pages that read an answer now. */
  readers: number
}

/** Answers what this server has no route for: Vite, which serves the page. */
export type Fallback = (request: IncomingMessage, response: ServerResponse) => void

export interface ChatServer {
  readonly http: Server
  stats(): ChatStats
  /** Takes `port`, or the next free one; `0` for any. Gives the origin. */
  listen(port: number): Promise<string>
  otherwise(fallback: Fallback): void
  close(): Promise<void>
}

/** So many answers at most, those that are kept included. */
const MAX_RUNS = 100

/** The page's own endpoint: it asks the model, numbers what comes, and keeps it for who has to ask again. */
export function createChatServer({ model, keepMs = 60_000 }: ChatServerOptions): ChatServer {
  const runs = new Map<string, Run>()
  const forgetting = new Map<string, ReturnType<typeof setTimeout>>()
  let requests = 0
  let started = 0
  let fallback: Fallback = (_request, response) => sendError(response, new BadRequest(404, 'There is nothing here.'))

  const stats = (): ChatStats => ({
    model: model.name,
    requests,
    runs: started,
    running: [...runs.values()].filter(({ over }) => !over).length,
    kept: runs.size,
    readers: [...runs.values()].reduce((sum, { readers }) => sum + readers, 0),
  })

  function forget(name: string): void {
    clearTimeout(forgetting.get(name))
    forgetting.delete(name)
    runs.delete(name)
  }

  function start(name: string, messages: readonly Message[]): Run {
    if (runs.size >= MAX_RUNS) {
      const [oldest] = forgetting.keys()
      if (oldest === undefined) throw new BadRequest(429, 'Too many answers are being written: ask again in a while.')
      forget(oldest)
    }
    started++
    const run = startRun(model, messages, () => {
      // A server that was closed has forgotten it already.
      if (runs.get(name) === run) forgetting.set(name, setTimeout(() => forget(name), keepMs))
    })
    runs.set(name, run)
    return run
  }

  /** The page names its run: who asks for one that there is joins it, so that no question is asked twice. */
  async function chat(request: IncomingMessage, response: ServerResponse): Promise<void> {
    requests++
    const { run: name, messages } = question(await jsonBody(request))
    const lastEventId = Number(request.headers['last-event-id'] ?? 0)
    const known = runs.get(name)
    if (!known && lastEventId !== 0) throw new BadRequest(404, 'This answer is not kept any more.')
    if (!Number.isInteger(lastEventId) || lastEventId < 0 || lastEventId > (known?.length ?? 0))
      throw new BadRequest(400, 'This answer has no event with that id.')
    const run = known ?? start(name, messages)
    const stream = openEventStream(request, response, () => run.leave(stream))
    run.join(stream, lastEventId)
  }

  function act(response: ServerResponse, name: string, what: string): void {
    const run = runs.get(name)
    if (!run) throw new BadRequest(404, 'This answer is not kept any more.')
    if (what === 'stop') run.stop()
    else run.cut()
    response.writeHead(204).end()
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url = '/' } = request
    if (method === 'POST' && url === '/chat') return chat(request, response)
    const [, name = '', what = ''] = /^\/chat\/([^/]+)\/(stop|cut)$/.exec(url) ?? []
    if (method === 'POST' && what) return act(response, name, what)
    if (method === 'GET' && url === '/stats') return sendJSON(response, 200, stats())
    fallback(request, response)
  }

  const http = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => sendError(response, error))
  })
  return {
    http,
    stats,
    listen: (port) => listen(http, port),
    otherwise: (other) => void (fallback = other),
    async close() {
      for (const [name, run] of [...runs]) {
        run.stop()
        forget(name)
      }
      await endServer(http)
    },
  }
}

/** What the body of `POST /chat` must be. */
function question(body: unknown): { run: string; messages: Message[] } {
  const { run, messages } = (body ?? {}) as { run?: unknown; messages?: unknown }
  if (typeof run !== 'string' || !/^[\w-]{8,64}$/.test(run)) throw new BadRequest(400, 'A run needs a name: 8 to 64 letters.')
  if (!Array.isArray(messages) || messages.length === 0 || !messages.every(isMessage))
    throw new BadRequest(400, 'There are no messages to answer.')
  return { run, messages }
}

function isMessage(value: unknown): value is Message {
  const { role, content } = (value ?? {}) as Partial<Message>
  return (role === 'user' || role === 'assistant') && typeof content === 'string'
}
