import { defineConfig } from 'vitest/config'
import { sourceOf } from './this-repository.ts'

export default defineConfig({
  resolve: { alias: Object.entries(sourceOf).map(([name, file]) => ({ find: new RegExp(`^${name}$`), replacement: file })) },
  test: {
    name: 'servers',
    root: import.meta.dirname,
    include: ['*.test.{ts,tsx}'],
    reporters: process.env['VITEST_JSON'] ? ['default', 'json'] : ['default'],
    outputFile: { json: process.env['VITEST_JSON'] ?? '' },
    // `next build` takes its time.
    hookTimeout: 120_000,
    testTimeout: 30_000,
    fileParallelism: false,
  },
})
