import type { AskContext } from '../options/identity.js'
import type { Clock } from '../protocol/clock.js'
import { SSEError } from '../protocol/errors.js'

/** How long a shared answer may take, in ms. */
const LIMIT_MS = 60_000

type Question = (context: AskContext) => unknown

/** Asks a function once for all who ask while its answer is on the way: one token refresh serves every stream. */
export interface CredentialRefresh {
  /**
   * @param signal - aborts when the one who asks is over
   * @throws {@link SSEError} `timeout` when no answer comes within a minute
   */
  ask(question: Question, signal: AbortSignal): Promise<unknown>
}

interface Flight {
  readonly answer: Promise<unknown>
  readonly waiting: Set<AbortSignal>
  /** Nobody waits for it any more, or it came. */
  land(): void
}

/**
 * Belongs to one client and is never shared beyond it: two users of one server process may pass the same function, which
 * reads the user from the request that is being served, and an answer for one of them is not for the other.
 */
export function createCredentialRefresh(clock: Clock): CredentialRefresh {
  const flights = new Map<Question, Flight>()

  function depart(question: Question): Flight {
    const controller = new AbortController()
    let timer: unknown
    const late = new Promise<never>((_, reject) => {
      timer = clock.setTimeout(() => {
        const message = `A function asked for fresh credentials gave no answer in ${LIMIT_MS / 1_000} s: let it give up sooner`
        reject(new SSEError('timeout', message, { retryable: true }))
      }, LIMIT_MS)
    })
    const context: AskContext = { reason: 'unauthorized', signal: controller.signal }
    // In a microtask, as every other function that is asked.
    const answer = Promise.race([Promise.resolve(context).then(question), late]).finally(land)
    const flight = { answer, waiting: new Set<AbortSignal>(), land }
    function land() {
      clock.clearTimeout(timer)
      controller.abort()
      if (flights.get(question) === flight) flights.delete(question)
    }
    flights.set(question, flight)
    return flight
  }

  return {
    ask(question, signal) {
      const flight = flights.get(question) ?? depart(question)
      flight.waiting.add(signal)
      signal.addEventListener('abort', () => {
        flight.waiting.delete(signal)
        // An answer dies with the last who waits for it: one that never comes mutes nobody after them.
        if (flight.waiting.size === 0) flight.land()
      })
      return flight.answer
    },
  }
}
