import react from '@vitejs/plugin-react'
import { openSSE } from 'eventwire/core'
import { ops } from './events.ts'

/** Prints every event. Gives what stops it. */
export function showInTerminal(url: string): () => void {
  const left = new AbortController()
  void (async () => {
    for await (const { type, data, lastEventId } of openSSE(ops, { url, signal: left.signal })) console.log(lastEventId, type, data)
  })().catch((error: unknown) => console.error(error))
  return () => left.abort()
}

/** Serves a page that shows the events, on a port of its own. Gives what stops it. */
export async function servePage(url: string): Promise<() => Promise<void>> {
  const { createServer } = await import('vite')
  const vite = await createServer({
    configFile: false,
    root: `${import.meta.dirname}/page`,
    logLevel: 'warn',
    plugins: [react()],
    resolve: { tsconfigPaths: true },
    define: { EVENTS_URL: JSON.stringify(url) },
    optimizeDeps: { include: ['react', 'react-dom/client', 'react/jsx-dev-runtime'] },
  })
  await vite.listen()
  console.log(`The page: ${vite.resolvedUrls?.local[0]}`)
  return () => vite.close()
}
