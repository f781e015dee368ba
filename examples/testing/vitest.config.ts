import react from '@vitejs/plugin-react'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { built, react18 } from './this-repository.js'

/**
 * In an app this is all:
 *
 * export default defineConfig({
 *   plugins: [react()],
 *   test: { environment: 'jsdom', globals: true, setupFiles: ['@testing-library/jest-dom/vitest'] },
 * })
 *
 * Here, the package is the one that was just built, and its suite runs on two versions of React.
 */
const project = (version: 18 | 19) => ({
  plugins: [react()],
  resolve: {
    alias: [
      ...built('js'),
      ...(version === 18 ? [{ find: /^(react|react-dom)(\/.*)?$/, replacement: `${react18}/$1$2` }] : []),
      { find: /^@testing-library\/react$/, replacement: '@testing-library/react/dist/@testing-library/react.esm.js' },
    ],
  },
  test: {
    name: `vitest, react ${version}`,
    environment: 'jsdom',
    globals: true,
    setupFiles: ['@testing-library/jest-dom/vitest'],
    include: ['*.test.tsx'],
    root: fileURLToPath(new URL('.', import.meta.url)),
    server: { deps: { inline: [/@testing-library\/react/] } },
  },
})

export default defineConfig({ test: { projects: [project(18), project(19)] } })
