import manifest from './package.json' with { type: 'json' }

/** What the package exports, from package.json: the only place that lists it. `eventwire/core` is `src/core.ts`. */
export const entries: { name: string; file: string }[] = Object.entries(manifest.exports).flatMap(([path, target]) =>
  typeof target === 'string'
    ? []
    : { name: path.replace('.', manifest.name), file: target.import.default.replace(/^\.\/dist\/|\.js$/g, '') },
)
