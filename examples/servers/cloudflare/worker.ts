// A Cloudflare Worker. Requests reach any of many isolates: what they share lives in a Durable Object, of which there is one.
import type { Log } from '../stream.ts'
import { eventStream, lastEventIdOf, resumeHeaders } from 'eventwire/server'
import { createEventLog } from '../event-log.ts'
import { eventOf, ops } from '../events.ts'
import { CORS, KEPT, eventsAfter, stats } from '../stream.ts'

/** What wrangler.toml binds: what is used of it. */
interface Env {
  readonly FEED: { idFromName(name: string): object; get(id: object): { fetch(request: Request): Promise<Response> } }
  readonly HEARTBEAT_MS?: string
}

export default {
  fetch: (request: Request, env: Env): Promise<Response> => env.FEED.get(env.FEED.idFromName('ops')).fetch(request),
}

/** The log, and who reads it. It is kept in memory here; the object's storage would keep it over evictions. */
export class Feed {
  readonly #log: Log = createEventLog(KEPT)
  readonly #heartbeatMs: number

  constructor(_: unknown, { HEARTBEAT_MS }: Env) {
    this.#heartbeatMs = Number(HEARTBEAT_MS ?? 15_000)
  }

  async fetch(request: Request): Promise<Response> {
    switch (`${request.method} ${new URL(request.url).pathname}`) {
      case 'GET /events':
        return this.#stream(request)
      case 'POST /events':
        return this.#publish(await request.json().catch(() => null))
      case 'OPTIONS /events':
        return new Response(null, { status: 204, headers: CORS })
      case 'GET /stats':
        return Response.json(stats(this.#log))
      default:
        return new Response(null, { status: 404 })
    }
  }

  async #stream(request: Request): Promise<Response> {
    const lastEventId = lastEventIdOf(request)
    if (!(await this.#log.reaches(lastEventId))) return new Response(null, { status: 410, headers: CORS })
    // A Worker's stream is not cancelled when the client leaves; its request is aborted.
    return eventStream(ops, (signal) => eventsAfter(this.#log, lastEventId, AbortSignal.any([signal, request.signal])), {
      heartbeatMs: this.#heartbeatMs,
      headers: { ...CORS, ...resumeHeaders(lastEventId) },
    })
  }

  async #publish(posted: unknown): Promise<Response> {
    const event = eventOf(posted)
    if (!event) return new Response(null, { status: 400, headers: CORS })
    return Response.json({ id: await this.#log.append(event) }, { status: 201, headers: CORS })
  }
}
