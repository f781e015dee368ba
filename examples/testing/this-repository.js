import { fileURLToPath } from 'node:url'
import { entries } from '../../entries.ts'

const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/** Where React 18 is. */
export const react18 = at('test/react-18/node_modules')

/** The package's entries as they were built: an app has them in `node_modules`. */
export const built = (extension) =>
  entries.map(({ name, file }) => ({ find: new RegExp(`^${name}$`), replacement: at(`dist/${file}.${extension}`) }))
