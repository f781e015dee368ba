import { headerOfText } from '../protocol/header-text.js'

/**
 * The headers of an answer that goes on right after this id: they vouch to the client that nothing is missing. Pages of
 * other origins may read them. None for `''`, which asked for no event, and for an id that no header can carry.
 *
 * Send them only where every event after the id is replayed: a client that reads its own id there reports no gap.
 *
 * @example
 * ```tsx
 * import { eventStream, lastEventIdOf, resumeHeaders } from 'eventwire/server'
 *
 * export function GET(request: Request) {
 *   const after = lastEventIdOf(request)
 *   return eventStream([{ id: '8', data: 'next' }], { headers: resumeHeaders(after) })
 * }
 * ```
 */
export function resumeHeaders(lastEventId: string): Record<string, string> {
  const value = lastEventId === '' ? null : headerOfText(lastEventId)
  return value === null ? {} : { 'Last-Event-ID': value, 'Access-Control-Expose-Headers': 'Last-Event-ID' }
}
