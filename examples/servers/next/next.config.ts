import type { NextConfig } from 'next'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../../..')

const config: NextConfig = {
  // In your app, `eventwire` comes from node_modules; here it is what `npm run build` made.
  turbopack: {
    root,
    resolveAlias: { 'eventwire/server': '../../../dist/server.js', 'eventwire/core': '../../../dist/core.js' },
  },
  // `npm run typecheck` holds them.
  typescript: { ignoreBuildErrors: true },
}

export default config
