import type { DashboardState } from '../events.ts'
import type { DashboardStream } from './use-dashboard.ts'

/** How the stream is, as people see it. */
export interface Health {
  /** It is being renewed, as the server meant it to be: nothing to worry about. */
  planned: boolean
  /** The server said before that it would. */
  announced: boolean
  /** For how many seconds nothing has come, when that is too long; else `null`. */
  quiet: number | null
  /** What is wrong, unless it is old news. */
  error: DashboardStream['error']
  /** What the error says in its first sentence, with a space after it: the rest is for whoever wrote the page. */
  problem: string
}

/** How long, in seconds, a server that announced a deploy may be away. */
const DEPLOY_SECONDS = 10

export function healthOf(
  { status, reconnectReason }: DashboardStream,
  { deploy }: DashboardState,
  quiet: number | null,
  error: DashboardStream['error'],
): Health {
  // Over native this is all there is: the browser does not tell an end from a failure.
  const announced = deploy?.phase === 'starting' && (quiet ?? 0) < DEPLOY_SECONDS
  const planned = status === 'reconnecting' && (announced || reconnectReason === 'planned')
  const wrong = planned ? null : error
  return { planned, announced, quiet, error: wrong, problem: wrong ? firstSentence(wrong.message) : '' }
}

function firstSentence(text: string): string {
  const end = text.indexOf('. ')
  return `${end < 0 ? text : text.slice(0, end)}. `
}
