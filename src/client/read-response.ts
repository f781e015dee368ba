import type { SSEEvent } from '../protocol/event.js'
import type { Transport } from '../protocol/transport.js'
import type { OpenOptions } from './iterate.js'
import { createClient } from './client.js'
import { iterate } from './iterate.js'

/** What {@link readResponse} takes: how to read it, and when to stop. */
export type ReadOptions = Pick<
  Partial<OpenOptions>,
  'events' | 'decode' | 'until' | 'isError' | 'onError' | 'onInvalid' | 'onUndeclared' | 'maxEventSize' | 'signal'
>

/** Nobody is asked: the answer is there. */
const NOWHERE = 'https://response.invalid/'

/**
 * Reads an answer that one already has, as `openSSE` reads those that it asks for: same parser, bounds and errors.
 *
 * @param carry - a transport over a fetch that gives the answer
 */
export function readResponse(
  carry: (answer: typeof fetch) => Transport,
  given: Response | ReadableStream<Uint8Array>,
  options: ReadOptions,
): AsyncGenerator<SSEEvent, void, undefined> {
  const response = given instanceof Response ? given : new Response(given, { headers: { 'Content-Type': 'text/event-stream' } })
  if (response.bodyUsed) throw new TypeError('The body of this response was read already: pass it before anyone reads it')
  const client = createClient({ transport: carry(async () => response) })
  // Any 2xx opens an answer to a POST; it is asked for once.
  return iterate(client, { url: NOWHERE, method: 'POST', live: false, retry: { attempts: 0 } }, options)
}
