import type { Options } from 'tsup'
import { defineConfig } from 'tsup'
import { entries } from './entries.ts'

/**
 * Entries reach each other by name, so that a class or context exists once, in CommonJS too. In what is built the name is
 * the file beside: resolvers that know no `exports` (Metro before 0.79, Jest 27) find it, too.
 */
const siblings: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'siblings',
  setup(build) {
    const extension = build.initialOptions.format === 'cjs' ? 'cjs' : 'js'
    build.onResolve({ filter: /^eventwire(\/|$)/ }, ({ path }) => {
      const entry = entries.find(({ name }) => name === path)
      return entry && { path: `./${entry.file}.${extension}`, external: true }
    })
  },
}

export default defineConfig({
  entry: Object.fromEntries(entries.map(({ file }) => [file, `src/${file}.ts`])),
  format: ['esm', 'cjs'],
  dts: true,
  sourcemap: true,
  clean: true,
  target: 'es2022',
  platform: 'neutral',
  // One file an entry.
  splitting: false,
  esbuildPlugins: [siblings],
  external: ['react', /^node:/, ...entries.map(({ name }) => name)],
  // For the declarations they stay names.
  noExternal: [/^eventwire(\/|$)/],
})
