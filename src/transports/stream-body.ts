import { SSEError } from '../protocol/errors.js'

const AS_A_BLOB = 'pass await new Response(stream).blob()'

/** Said where a browser did not send it: it does so over HTTP/2 alone, and does not say that this was why. */
export const OVER_HTTP_2 = `Browsers send a stream as a body over HTTP/2 alone, and the server was not reached so: have it speak HTTP/2, or ${AS_A_BLOB}`

/** Whether a body is a stream, which can be sent once. */
export function isStreamBody(body: unknown): body is ReadableStream {
  // React Native has no such class.
  return typeof ReadableStream === 'function' && body instanceof ReadableStream
}

/**
 * Where a platform does not know streams as bodies, it would send the name of one, as text.
 *
 * @throws SSEError `unsupported`
 */
export function checkStreamBody(body: unknown): void {
  if (isStreamBody(body) && !sendsStreams())
    throw new SSEError('unsupported', `This platform sends no stream as a body: ${AS_A_BLOB}`)
}

function sendsStreams(): boolean {
  if (typeof Request !== 'function') return true
  const init = { method: 'POST', body: new ReadableStream(), duplex: 'half' }
  try {
    return !new Request('https://stream.invalid', init).headers.has('Content-Type')
  } catch {
    return false
  }
}
