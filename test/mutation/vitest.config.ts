import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { entries } from '../../entries.ts'

const root = join(import.meta.dirname, '../..')

// The unit tests alone: what the other projects load takes longer than most mutants live.
export default defineConfig({
  root,
  resolve: { alias: entries.map(({ name, file }) => ({ find: new RegExp(`^${name}$`), replacement: join(root, `src/${file}.ts`) })) },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/{browser,e2e,engines,packaging,react,react-18,services,mutation}/**', 'test/transports/native-event-source.test.ts'],
    environment: 'node',
    setupFiles: ['test/mutation/fresh-modules.ts'],
  },
})
