import { fileURLToPath } from 'node:url'
import babel from '@rolldown/plugin-babel'
import { reactCompilerPreset } from '@vitejs/plugin-react'
import { storybookTest } from '@storybook/addon-vitest/vitest-plugin'
import { playwright } from '@vitest/browser-playwright'
import { msw } from 'msw/vite'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import type { BrowserConfigOptions } from 'vitest/node'
import { entries } from './entries.ts'
import type { Engine } from './test/browser/engine.ts'
import { chromiumArgs, chromiumPath } from './test/chromium.ts'

type Project = TestProjectInlineConfiguration
type Alias = { find: RegExp; replacement: string }

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** The package's own names lead to its source, so that tests need no build. Matched whole: one begins all others. */
export const source: Alias[] = entries.map(({ name, file }) => ({
  find: new RegExp(`^${name}$`),
  replacement: at(`src/${file}.ts`),
}))

/** React 18.3 lives in a workspace of its own; React 19 is the one at the root. */
const react = {
  19: [],
  18: [{ find: /^(react|react-dom)(\/.*)?$/, replacement: `${at('test/react-18/node_modules')}/$1$2` }],
} satisfies Record<string, Alias[]>

/** Testing Library goes through Vite, else Node would give it the React at the root. */
const testingLibrary: Alias = {
  find: /^@testing-library\/react$/,
  replacement: at('node_modules/@testing-library/react/dist/@testing-library/react.esm.js'),
}

// Unpacks the browser before any worker starts. Where there is none, the projects that need one say so themselves.
const executablePath = await chromiumPath().catch(() => undefined)

const jsdom = (version: keyof typeof react): Project => ({
  resolve: { alias: [...source, ...react[version], testingLibrary] },
  test: {
    name: `react-${version}`,
    include: ['test/{react,testing}/**/*.test.tsx'],
    // Files for what only React 19 has.
    exclude: version === 18 ? ['**/*.react-19.test.tsx'] : [],
    environment: 'jsdom',
    provide: { react: `${version}`, compiled: false },
    // Testing Library looks for global hooks to clean up after each test and to tell React about `act`.
    globals: true,
    setupFiles: ['test/setup-react.ts'],
    server: { deps: { inline: [/@testing-library\/react/] } },
  },
})

/** The same tests, hooks and components alike compiled by the React Compiler. */
const compiled = (project: Project): Project => ({
  ...project,
  plugins: [babel({ include: [/\/src\/react\//, /\/test\/react\//], presets: [reactCompilerPreset()] })],
  test: { ...project.test, name: 'react-compiled', provide: { react: '19', compiled: true } },
})

/** Two projects can not share one. */
export const chromium = (): BrowserConfigOptions => ({
  enabled: true,
  headless: true,
  screenshotFailures: false,
  provider: playwright({ launchOptions: { ...(executablePath && { executablePath }), args: chromiumArgs } }),
  instances: [{ browser: 'chromium' }],
})

/** Tests in a page, with one of the Reacts; test/engines runs them in other browsers too. */
export const inPage = (version: keyof typeof react, engine: Engine, browser: BrowserConfigOptions): Project => ({
  // Serves the service worker of MSW.
  plugins: [msw({ mode: 'worker-only' })],
  resolve: { alias: [...source, ...react[version]] },
  // Named here, because what Vite finds only while tests run reloads their page.
  optimizeDeps: {
    include: [
      'react',
      'react/jsx-runtime',
      'react/jsx-dev-runtime',
      'react-dom',
      'react-dom/client',
      '@testing-library/react',
      '@testing-library/user-event',
      '@testing-library/jest-dom/vitest',
      '@microsoft/fetch-event-source',
      'msw',
      'msw/browser',
    ],
  },
  test: {
    name: `${engine}-react-${version}`,
    include: ['test/browser/**/*.test.tsx'],
    provide: { react: `${version}`, engine },
    globals: true,
    setupFiles: ['test/setup-react.ts'],
    globalSetup: ['test/browser/server.ts'],
    sequence: { groupOrder: version },
    browser,
  },
})

/** Every story with its play function, and the accessibility of what it leaves on the page: contrast has two sides. */
const stories = (theme: 'light' | 'dark'): Project => ({
  // Time stands still but for what a story's play function does with it.
  plugins: [storybookTest({ initialGlobals: { theme, time: 'still' } })],
  test: {
    name: `stories-${theme}`,
    // So that the testing kit finds `afterEach`, and says what leaked.
    globals: true,
    // Ten tabs are ten pages, each of which loads a hundred modules here.
    testTimeout: 60_000,
    sequence: { groupOrder: theme === 'light' ? 16 : 17 },
    browser: chromium(),
  },
})

export default defineConfig({
  test: {
    // .ci/run counts what the second one writes.
    reporters: process.env['VITEST_JSON'] ? ['default', 'json'] : ['default'],
    outputFile: { json: process.env['VITEST_JSON'] ?? '' },
    retry: 0,
    projects: [
      {
        resolve: { alias: source },
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/{browser,e2e,engines,packaging,react,react-18,services}/**', 'test/transports/native-event-source.test.ts'],
          environment: 'node',
        },
      },
      {
        resolve: { alias: source },
        test: {
          name: 'event-source',
          include: ['test/transports/native-event-source.test.ts'],
          environment: 'node',
          // Node has an EventSource of its own, which no other test is to see.
          execArgv: ['--experimental-eventsource', '--disable-warning=UNDICI-ES'],
        },
      },
      jsdom(19),
      jsdom(18),
      compiled(jsdom(19)),
      inPage(19, 'chromium', chromium()),
      inPage(18, 'chromium', chromium()),
      stories('light'),
      stories('dark'),
      {
        resolve: { alias: source },
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          environment: 'node',
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          sequence: { groupOrder: 20 },
        },
      },
      {
        resolve: { alias: source },
        test: {
          name: 'packaging',
          include: ['test/packaging/**/*.test.ts'],
          environment: 'node',
          globalSetup: ['test/packaging/tarball.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          sequence: { groupOrder: 21 },
        },
      },
    ],
  },
})
