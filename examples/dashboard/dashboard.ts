import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'
import { createServer as createViteServer } from 'vite'
import { createDashboardServer } from './server.ts'
import type { DashboardServer, DashboardServerOptions } from './server.ts'

export interface DashboardOptions extends DashboardServerOptions {
  /** The port to take, or the next free one; `0` for any. Default 5173. */
  port?: number
  /** Whether an edit to the page's source shows in open pages at once. Default `true`. */
  watch?: boolean
}

/** Vite's client reloads the page when its socket is lost. Where nothing is watched it would only be in the way. */
const withoutClient: Plugin = {
  name: 'without-client',
  transformIndexHtml: {
    order: 'post',
    handler: (html) => html.replace(/<script[^>]*"\/@vite\/client"[^>]*><\/script>/, ''),
  },
}

/** Server and page on one port: no proxy between them, nothing that could buffer the stream. */
export async function startDashboard(options: DashboardOptions = {}): Promise<{ url: string; server: DashboardServer }> {
  const { port = 5173, watch = true, ...serverOptions } = options
  const server = createDashboardServer(serverOptions)
  const vite = await createViteServer({
    configFile: fileURLToPath(new URL('vite.config.ts', import.meta.url)),
    logLevel: 'warn',
    ...(watch
      ? { server: { middlewareMode: true, ws: { server: server.http } } }
      : { server: { middlewareMode: true, watch: null, hmr: false, ws: false }, plugins: [withoutClient] }),
  })
  server.app.use(vite.middlewares)
  const url = await server.listen(port)
  return {
    url,
    server: {
      ...server,
      async close() {
        await vite.close()
        await server.close()
      },
    },
  }
}
