import { defineConfig } from 'vitest/config'
import { source } from '../../vitest.config.ts'

export default defineConfig({
  resolve: { alias: source },
  test: {
    reporters: ['default', ...(process.env['VITEST_JSON'] ? ['json'] : [])],
    outputFile: { json: process.env['VITEST_JSON'] ?? '' },
    retry: 0,
    include: ['test/services/**/*.test.ts'],
    environment: 'node',
    testTimeout: 30_000,
    fileParallelism: false,
  },
})
