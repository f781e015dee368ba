// Runs the Worker on this machine, as `wrangler dev` does: bundled by esbuild, in workerd by miniflare.
import type { Log, RunningServer, ServeOptions } from '../stream.ts'
import { build } from 'esbuild'
import { Miniflare } from 'miniflare'
import { sourceOf } from '../this-repository.ts'

/** @param _ - the Worker has a log of its own */
export async function serve(_: Log, { port, heartbeatMs }: ServeOptions): Promise<RunningServer> {
  const { outputFiles } = await build({
    entryPoints: [`${import.meta.dirname}/worker.ts`],
    alias: sourceOf,
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
  })
  const worker = new Miniflare({
    modules: true,
    script: outputFiles[0]?.text ?? '',
    compatibilityDate: '2026-07-01',
    // So that the Durable Object hears of a client that left.
    compatibilityFlags: ['enable_request_signal', 'request_signal_passthrough'],
    durableObjects: { FEED: 'Feed' },
    bindings: { HEARTBEAT_MS: String(heartbeatMs) },
    host: 'localhost',
    port,
  })
  return { port: Number((await worker.ready).port), stop: () => worker.dispose() }
}
