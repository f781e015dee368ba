import type { MockSSE, MockSSEOptions, URLPattern } from './mock-interface.js'
import { http, type HttpHandler } from 'msw'
import { complain, createArrivals, requestLine } from './arrivals.js'
import { connectResponse } from './response-connection.js'
import { matchesURL, nameOfPattern } from './url-pattern.js'

/** A handler for MSW, and the handle of its mock server in one. What {@link mockSSE} makes. */
export interface MockSSEHandler extends HttpHandler, MockSSE {}

/**
 * Makes an MSW handler that answers as an SSE server: `server.use(mockSSE('/events'))`. It needs no `EventSource`,
 * and takes what fetch can ask: any method, headers, a body.
 *
 * @param url - the URLs it serves; all others are left to other handlers
 *
 * @example
 * ```tsx
 * import { mockSSE } from 'eventwire/testing/msw'
 * import { setupServer } from 'msw/node'
 *
 * const sse = mockSSE('/events')
 * setupServer(sse).listen()
 * const stream = await sse.connected()
 * stream.send({ data: { cpu: 42 } })
 * ```
 */
export function mockSSE(url: URLPattern, options: MockSSEOptions = {}): MockSSEHandler {
  const name = `mockSSE(${nameOfPattern(url)})`
  const { connections, attempted, connected, add, expectCursor, complaints } = createArrivals(name, options)

  const handler = http.all(
    ({ request }) => matchesURL(url, request.url) && request.method !== 'OPTIONS' && request.method !== 'HEAD',
    async ({ request }) => {
      const { handle, response } = connectResponse(request, await request.clone().text())
      add(handle)
      return response
    },
  )

  async function verify(): Promise<void> {
    // A client that has just let go says so by way of the network's own promises.
    await new Promise((resolve) => setTimeout(resolve))
    const leaks = connections.filter(({ state }) => state !== 'closed')
    const reports = leaks.map((one) => `${name}: a connection leaked: ${requestLine(one)} is still ${one.state}`)
    for (const one of leaks) one.drop()
    complain([...reports, ...complaints()])
  }

  return Object.assign(handler, { connections, attempted, connected, expectCursor, verify })
}
