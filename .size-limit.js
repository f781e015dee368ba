/** What a user's bundle pays: minified for production, gzipped, React left out. */
const budget = (name, path, names, limit) => ({
  name,
  path,
  import: names,
  limit,
  gzip: true,
  ignore: ['react'],
  modifyRolldownConfig: (config) => ({
    ...config,
    transform: { ...config.transform, define: { 'process.env.NODE_ENV': '"production"' } },
  }),
})

export default [budget('useSSE with the fetch transport', 'dist/index.js', '{ useSSE }', '5.5 kB')]
