import type { ResolvedRequest, TransportRequest } from '../../protocol/transport.js'

/** The same request but for some of its parts; the others are asked when they are needed, as they are then. */
export function variant(request: TransportRequest, parts: Partial<TransportRequest>): TransportRequest {
  // A seam: what a prototype has, its heir has.
  return Object.create(request, Object.getOwnPropertyDescriptors(parts)) as TransportRequest
}

/** The same request, whose functions have just been asked: they are not asked twice for one attempt. */
export function askedBefore(request: TransportRequest, resolved: ResolvedRequest): TransportRequest {
  let first = true
  return variant(request, {
    resolve() {
      const now = first
      first = false
      return now ? Promise.resolve(resolved) : request.resolve()
    },
  })
}
