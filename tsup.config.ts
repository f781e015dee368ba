import { defineConfig } from 'tsup'
import { entries } from './entries.ts'

export default defineConfig({
  entry: Object.fromEntries(entries.map(({ file }) => [file, `src/${file}.ts`])),
  format: ['esm', 'cjs'],
  dts: true,
  sourcemap: true,
  clean: true,
  target: 'es2022',
  platform: 'neutral',
  // One file an entry. Entries reach each other by name, so that a class or context exists once, in CommonJS too.
  splitting: false,
  external: ['react', /^node:/, ...entries.map(({ name }) => name)],
})
