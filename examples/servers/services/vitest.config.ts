import { defineConfig } from 'vitest/config'
import { sourceOf } from '../this-repository.ts'

// What needs a real nginx and a real Redis.
export default defineConfig({
  resolve: { alias: Object.entries(sourceOf).map(([name, file]) => ({ find: new RegExp(`^${name}$`), replacement: file })) },
  test: {
    name: 'services',
    root: import.meta.dirname,
    include: ['*.test.ts'],
    reporters: process.env['VITEST_JSON'] ? ['default', 'json'] : ['default'],
    outputFile: { json: process.env['VITEST_JSON'] ?? '' },
    hookTimeout: 60_000,
    testTimeout: 120_000,
    fileParallelism: false,
  },
})
