import type { ResolvedRequest } from '../protocol/transport.js'
import { SSEError } from '../protocol/errors.js'
import { networkError } from './network-error.js'

/** Cloudflare's Workers of before 2024-11-11 refuse `cache`, before they ask anybody. */
const REFUSES_CACHE = /\bcache\b.*(not implemented|not supported|unsupported)|unsupported cache/i

const AS_A_BLOB = 'pass await new Response(stream).blob()'

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
  if (!custom && 'duplex' in init && !sendsStreams())
    throw new SSEError('unsupported', `This platform sends no stream as a body: ${AS_A_BLOB}`)
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
    const error = networkError(cause, false, resolved)
    const isPage = 'location' in globalThis && 'document' in globalThis
    if (!('duplex' in init) || error.code !== 'network' || !isPage) throw error
    const why = 'Browsers send a stream as a body over HTTP/2 alone, and the server was not reached so'
    throw new SSEError('unsupported', `${why}: have it speak HTTP/2, or ${AS_A_BLOB}`, { cause: error })
  }
}

/** Where it is not known, what is sent is its name: a text. */
function sendsStreams(): boolean {
  if (typeof Request !== 'function') return true
  const init = { method: 'POST', body: new ReadableStream(), duplex: 'half' }
  try {
    return !new Request('https://stream.invalid', init).headers.has('Content-Type')
  } catch {
    return false
  }
}

function missing(what: string, fix: string): SSEError {
  return new SSEError('unsupported', `There is no ${what} here: ${fix}`)
}
