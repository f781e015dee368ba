// Next.js: a route handler, on a server that stays. Where each request may get a process of its own, keep the log elsewhere.
import { eventStream, lastEventIdOf, resumeHeaders } from 'eventwire/server'
import { eventOf, ops } from '../../../events.ts'
import { CORS, eventsAfter } from '../../../stream.ts'
import { log } from '../../log.ts'

export const dynamic = 'force-dynamic'

export async function GET(request: Request): Promise<Response> {
  const lastEventId = lastEventIdOf(request)
  if (!(await log.reaches(lastEventId))) return new Response(null, { status: 410, headers: CORS })
  return eventStream(ops, (signal) => eventsAfter(log, lastEventId, signal), {
    heartbeatMs: Number(process.env['HEARTBEAT_MS'] ?? 15_000),
    headers: { ...CORS, ...resumeHeaders(lastEventId) },
  })
}

export async function POST(request: Request): Promise<Response> {
  const event = eventOf(await request.json().catch(() => null))
  if (!event) return new Response(null, { status: 400, headers: CORS })
  return Response.json({ id: await log.append(event) }, { status: 201, headers: CORS })
}

export function OPTIONS(): Response {
  return new Response(null, { status: 204, headers: CORS })
}
