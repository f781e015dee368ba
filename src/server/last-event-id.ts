import { textOfHeader } from '../protocol/header-text.js'

/** A request of the web (`Request`) or of Node (`IncomingMessage`, and what Express and Fastify make of it). */
export interface AnyRequest {
  readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>
  readonly url?: string | undefined
}

/** Where else than in its header a cursor may be. */
export interface CursorOptions {
  /** The query parameter that clients name as `lastEventIdParam`. The header outranks it. Default: none. */
  readonly param?: string | undefined
}

/**
 * The id of the last event that the client has seen, as text; `''` when it says none. Headers are bytes to Node and the web,
 * and this one is UTF-8.
 *
 * It is what a stranger sent: it need not be an id of this server's.
 *
 * @example
 * ```tsx
 * import { eventStream, lastEventIdOf } from 'eventwire/server'
 *
 * export function GET(request: Request) {
 *   const after = Number(lastEventIdOf(request, { param: 'after' }))
 *   return eventStream([{ id: String(after + 1), data: 'next' }])
 * }
 * ```
 */
export function lastEventIdOf(request: AnyRequest, { param }: CursorOptions = {}): string {
  const header = headerOf(request.headers)
  if (header) return textOfHeader(header)
  if (!param || !request.url) return ''
  // Node's are paths.
  const [, query = ''] = /\?([^#]*)/.exec(request.url) ?? []
  return new URLSearchParams(query).get(param) ?? ''
}

function headerOf(headers: AnyRequest['headers']): string {
  // A record may have a header of that name: only the web's is a function.
  if ('get' in headers && typeof headers.get === 'function') return (headers as Headers).get('last-event-id') ?? ''
  const value = (headers as Readonly<Record<string, string | readonly string[] | undefined>>)['last-event-id']
  return typeof value === 'string' ? value : (value?.[0] ?? '')
}
