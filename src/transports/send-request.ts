import type { ResolvedRequest } from '../protocol/transport.js'
import { SSEError } from '../protocol/errors.js'
import { networkError } from './network-error.js'

/** Cloudflare's Workers of before 2024-11-11 refuse `cache`, before they ask anybody. */
const REFUSES_CACHE = /\bcache\b.*(not implemented|not supported|unsupported)|unsupported cache/i

/**
 * Fetches, without `cache` where the platform refuses that.
 *
 * @param custom - default: the global one, looked up now
 * @throws {@link SSEError} what failed, as what it is
 */
export async function sendRequest(
  custom: typeof fetch | undefined,
  resolved: ResolvedRequest,
  init: RequestInit,
): Promise<Response> {
  if (!custom && typeof fetch !== 'function') throw missing('fetch', 'pass fetchTransport({ fetch }) one that streams')
  // An answer that can't be read need not be asked for.
  if (typeof TextDecoder !== 'function') throw missing('TextDecoder', 'load a polyfill for it before the first stream')
  const fetchNow = custom ?? fetch
  try {
    try {
      return await fetchNow(resolved.url, init)
    } catch (cause) {
      if (!REFUSES_CACHE.test(String(cause))) throw cause
      const { cache: _, ...rest } = init
      return await fetchNow(resolved.url, rest)
    }
  } catch (cause) {
    throw networkError(cause, false, resolved)
  }
}

function missing(what: string, fix: string): SSEError {
  return new SSEError('unsupported', `There is no ${what} here: ${fix}`)
}
