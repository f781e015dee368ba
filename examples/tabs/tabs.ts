import { fileURLToPath } from 'node:url'
import { createServer as createViteServer } from 'vite'
import { createTickServer } from './server.ts'

/** Server and page on one port, over HTTP/1.1: where without sharing the seventh tab hangs. */
export async function startTabs({ port = 5173 }: { port?: number } = {}): Promise<{ url: string; server: { close(): Promise<void> } }> {
  const server = createTickServer()
  const vite = await createViteServer({
    configFile: fileURLToPath(new URL('vite.config.ts', import.meta.url)),
    logLevel: 'warn',
    server: { middlewareMode: true, ws: { server: server.http } },
  })
  server.http.on('request', (request, response) => {
    const [path = '/'] = (request.url ?? '/').split('?')
    if (!server.answer(path, String(request.headers['last-event-id'] ?? ''), response)) vite.middlewares(request, response)
  })
  await new Promise<void>((resolve) => server.http.listen(port, '127.0.0.1', resolve))
  const address = server.http.address()
  return {
    url: `http://localhost:${typeof address === 'object' ? address?.port : port}`,
    server: {
      async close() {
        await vite.close()
        await server.close()
      },
    },
  }
}
