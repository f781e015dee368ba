const { transformSync } = require('esbuild')

/**
 * TSX for Jest.
 *
 * @param {string} source
 * @param {string} sourcefile
 */
exports.process = (source, sourcefile) =>
  transformSync(source, { sourcefile, loader: 'tsx', format: 'cjs', jsx: 'automatic', target: 'es2022', sourcemap: 'inline' })
