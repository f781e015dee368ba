import type { RequestBody } from 'eventwire/core'

/** The body of a request as JSON. */
export function jsonBody(body: RequestBody | undefined): () => unknown {
  return () => {
    if (typeof body === 'string') return JSON.parse(body) as unknown
    throw new TypeError(body === undefined ? 'The request has no body' : 'The body of the request is no text: read connection.request.body')
  }
}
