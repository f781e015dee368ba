import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'
import type { ChatServer, ChatServerOptions } from './server.ts'
import { createServer as createViteServer } from 'vite'
import { createChatServer } from './server.ts'

export interface ChatOptions extends ChatServerOptions {
  /** The port to take, or the next free one; `0` for any. Default 5174. */
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

/** Server and page on one port: no proxy between them, nothing that could buffer the answer. */
export async function startChat(options: ChatOptions): Promise<{ url: string; server: ChatServer }> {
  const { port = 5174, watch = true, ...serverOptions } = options
  const server = createChatServer(serverOptions)
  const vite = await createViteServer({
    configFile: fileURLToPath(new URL('vite.config.ts', import.meta.url)),
    logLevel: 'warn',
    ...(watch
      ? { server: { middlewareMode: true, ws: { server: server.http } } }
      : { server: { middlewareMode: true, watch: null, hmr: false, ws: false }, plugins: [withoutClient] }),
  })
  server.otherwise(vite.middlewares)
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
