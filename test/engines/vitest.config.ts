import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import type { BrowserConfigOptions } from 'vitest/node'
import { chromium, inPage, source } from '../../vitest.config.ts'
import type { Engine } from '../browser/engine.ts'
import type { Browser } from './browser.ts'
import { startFirefox } from './firefox.ts'
import { provider } from './provider.ts'
import { table } from './table.ts'
import { startWebKit } from './webkit.ts'

const driven = (name: Engine, start: () => Promise<Browser>): BrowserConfigOptions => ({
  enabled: true,
  headless: true,
  screenshotFailures: false,
  provider: provider(name, start),
  instances: [{ browser: name }],
})

/** Found only while tests run, they would reload the page of the one that first needs them. */
const dependencies = ['react-dom/server', 'arktype', 'valibot', 'zod']

/** The tests of test/browser, the React cases that elsewhere have a simulated page, and those of test/engines/page. */
function engine(name: Engine, browser: BrowserConfigOptions, exclude: string[] = []): TestProjectInlineConfiguration {
  const { test, optimizeDeps, ...project } = inPage(19, name, browser)
  return {
    ...project,
    optimizeDeps: { ...optimizeDeps, include: [...(optimizeDeps?.include ?? []), ...dependencies] },
    test: {
      ...test,
      include: ['test/{browser,react}/**/*.test.tsx', 'test/engines/page/*.test.ts'],
      exclude,
      provide: { react: "19", engine: name, compiled: false },
    },
  }
}

export default defineConfig({
  test: {
    reporters: ['default', ...(process.env['VITEST_JSON'] ? ['json'] : []), table],
    outputFile: { json: process.env['VITEST_JSON'] ?? '' },
    retry: 0,
    projects: [
      engine('chromium', chromium()),
      engine('firefox', driven('firefox', startFirefox)),
      // MSW's worker never says there that it has started.
      engine('webkit', driven('webkit', startWebKit), ['test/browser/msw.test.tsx']),
      {
        resolve: { alias: source },
        test: {
          name: 'runtimes',
          include: ['test/engines/*.test.ts'],
          environment: 'node',
          globalSetup: ['test/browser/server.ts'],
          sequence: { groupOrder: 20 },
        },
      },
    ],
  },
})
