import { defineConfig } from 'vitest/config'
import { source } from '../../vitest.config.ts'

// The tests of the chat page once more, with OpenAI's own SDK between its server and the model.
export default defineConfig({
  resolve: { alias: [...source, { find: /^\.\/chat-model\.js$/, replacement: `${import.meta.dirname}/sdk-model.ts` }] },
  test: {
    reporters: process.env['VITEST_JSON'] ? ['default', 'json'] : ['default'],
    outputFile: { json: process.env['VITEST_JSON'] ?? '' },
    retry: 0,
    name: 'chat',
    include: ['test/e2e/chat*.test.ts', 'examples/chat/*.test.ts'],
    environment: 'node',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
})
