import type { ScriptedAnswer, ScriptedRequest } from 'eventwire/testing'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { setImmediate } from 'node:timers/promises'

/** Answers by script: where each script's stream is, and what it was asked. */
export interface Scripts {
  /** Gives the path of its stream. */
  add(answers: readonly ScriptedAnswer[]): string
  /** The requests to a path so far, or `undefined` where there is none. */
  requests(path: string): readonly ScriptedRequest[] | undefined
  /** Breaks what a path holds open: by the end of the connection, or by its reset. */
  drop(path: string, how?: 'end' | 'reset'): void
  /** Answers a request to one of the paths. */
  answer(request: IncomingMessage, response: ServerResponse): void
}

/** For every page: what it may send and read from another origin. */
export const CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Headers': 'Authorization, Content-Type, Last-Event-ID',
  'Access-Control-Expose-Headers': '*',
}

interface Script {
  readonly answers: readonly ScriptedAnswer[]
  readonly requests: ScriptedRequest[]
  readonly open: Set<ServerResponse>
}

export function createScripts(): Scripts {
  const scripts = new Map<string, Script>()

  async function play(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const script = scripts.get(request.url?.split('?')[0] ?? '')
    if (!script) return void response.writeHead(404, CORS).end()
    if (request.method === 'OPTIONS') return void response.writeHead(204, CORS).end()
    const body = await text(request)
    let closed = false
    script.open.add(response)
    response.once('close', () => {
      closed = true
      script.open.delete(response)
    })
    script.requests.push({
      method: request.method ?? '',
      headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
      body,
      get closed() {
        return closed
      },
    })

    const { answers, requests } = script
    const { status = 200, headers = { 'Content-Type': 'text/event-stream' }, chunks = [], after = 'end' } =
      answers[Math.min(requests.length, answers.length) - 1] ?? {}
    if (status === null) {
      if (after !== 'hold') request.socket.destroy()
      return
    }
    // Else Chromium may keep the connection for 5 s after its response was let go, in the hope of using it again.
    if (after === 'hold') response.setHeader('Connection', 'close')
    response.writeHead(status, { ...CORS, ...headers })
    response.flushHeaders()
    for (const chunk of chunks) {
      if (closed) return
      await new Promise((written) => response.write(chunk, written))
      // The client may read before the next one comes.
      await setImmediate()
    }
    if (after === 'end') response.end()
  }

  return {
    add(answers) {
      const path = `/scripts/${scripts.size}`
      scripts.set(path, { answers, requests: [], open: new Set() })
      return path
    },
    requests: (path) => scripts.get(path)?.requests,
    drop: (path, how) =>
      scripts.get(path)?.open.forEach((response) => {
        if (how === 'reset') response.socket?.resetAndDestroy()
        else response.destroy()
      }),
    // A request that breaks while it is read needs no answer.
    answer: (request, response) => void play(request, response).catch(() => request.socket.destroy()),
  }
}
