/** Sends three ticks, and stays open until the browser leaves. */
export function GET(request: Request): Response {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const count of [1, 2, 3])
        controller.enqueue(new TextEncoder().encode(`id: ${count}\nevent: tick\ndata: {"count":${count}}\n\n`))
      request.signal.addEventListener('abort', () => controller.close())
    },
  })
  return new Response(body, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-cache, no-transform' } })
}
