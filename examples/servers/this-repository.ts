// In your app, `eventwire` comes from node_modules; in this repository it is the source next door.
import { registerHooks } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { entries } from '../../entries.ts'

const SOURCE = new URL('../../src/', import.meta.url)

/** Each entry of the package, and its file. */
export const sourceOf: Record<string, string> = Object.fromEntries(
  entries.map(({ name, file }) => [name, fileURLToPath(new URL(`${file}.ts`, SOURCE))]),
)

/** Has Node find the entries; files of the source import each other as `.js`, which they will be. */
export function resolveEntries(): void {
  registerHooks({
    resolve(specifier, context, next) {
      const file = sourceOf[specifier]
      if (file) return next(pathToFileURL(file).href, context)
      const within = context.parentURL?.startsWith(SOURCE.href) && specifier.startsWith('.')
      return next(within ? specifier.replace(/\.js$/, '.ts') : specifier, context)
    },
  })
}
