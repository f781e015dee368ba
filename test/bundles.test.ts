import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { expect, it } from 'vitest'
import { entries } from '../entries.ts'

const root = join(import.meta.dirname, '..')

/** A bundle for production: the files of `src` that something of it is from, and what is left of it once minified. */
async function bundle(code: string): Promise<{ files: string[]; minified: string }> {
  const build = await rolldown({
    input: 'entry',
    logLevel: 'silent',
    external: [/^react/],
    resolve: { alias: Object.fromEntries(entries.map(({ name, file }) => [`${name}$`, join(root, `src/${file}.ts`)])) },
    transform: { define: { 'process.env.NODE_ENV': '"production"' } },
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === 'entry' ? id : undefined),
        load: (id) => (id === 'entry' ? code : undefined),
      },
      {
        name: 'source',
        resolveId(id) {
          const entry = entries.find(({ name }) => name === id)
          return entry && join(root, `src/${entry.file}.ts`)
        },
      },
    ],
  })
  const { output } = await build.generate({ format: 'esm' })
  const [{ code: minified }] = (await build.generate({ format: 'esm', minify: true })).output
  await build.close()
  const files = output
    .flatMap((chunk) => (chunk.type === 'chunk' ? Object.entries(chunk.modules) : []))
    .flatMap(([path, { renderedLength }]) => (renderedLength > 0 && path.startsWith(root) ? path.slice(root.length + 5) : []))
    .sort()
  return { files, minified }
}

/** What is said in development, and in no bundle for production. */
const SAID_IN_DEVELOPMENT = /Did you mean|Unknown option|Here that is|buffers the stream|has not answered a stream|must be a function|asked for a connection/

/** What only some need, by the files that it is made of. */
const APART: Readonly<Record<string, RegExp>> = {
  'requests that end': /sse-request|detached-requests|read-response/,
  'the loop of openSSE': /client\/(iterate|event-buffer)/,
  'reducers': /react\/(fold|use-sse-reducer)/,
  'one word for the page': /status-monitor|use-sse-status|client\/watch/,
  'native': /transports\/native/,
  'fetch-event-source': /transports\/fetch-event-source/,
  'vendors': /^llm/,
  'servers': /^server/,
  'tests': /^testing|virtual-clock/,
}

const apart = (files: readonly string[]) => Object.entries(APART).flatMap(([what, is]) => (files.some((file) => is.test(file)) ? what : []))

it.each<[string, readonly string[]]>([
  ["import { useSSE } from 'eventwire'; console.log(useSSE)", []],
  ["import { useSSEEvent, SSEProvider } from 'eventwire'; console.log(useSSEEvent, SSEProvider)", []],
  ["import { createSSEClient } from 'eventwire/core'; console.log(createSSEClient)", []],
  ["import { useSSERequest } from 'eventwire'; console.log(useSSERequest)", ['requests that end']],
  ["import { useSSEReducer } from 'eventwire'; console.log(useSSEReducer)", ['reducers']],
  ["import { useSSEStatus } from 'eventwire'; console.log(useSSEStatus)", ['one word for the page']],
  ["import { openSSE } from 'eventwire/core'; console.log(openSSE)", ['the loop of openSSE']],
  ["import { nativeTransport } from 'eventwire/native'; console.log(nativeTransport)", ['native']],
  ["import { openAIChat } from 'eventwire/llm'; console.log(openAIChat)", ['vendors']],
  ["import { encodeEvent } from 'eventwire/server'; console.log(encodeEvent)", ['servers']],
  ["import { createParser } from 'eventwire/core'; console.log(createParser)", []],
])('who writes %s pays for nothing else', async (code, pays) => {
  const { files, minified } = await bundle(code)
  expect(files.length).toBeGreaterThan(1)
  expect(apart(files)).toEqual(pays)
  expect(SAID_IN_DEVELOPMENT.exec(minified)?.[0]).toBeUndefined()
})

it('the parser is the parser alone', async () => {
  const { files } = await bundle("import { createParser } from 'eventwire/core'; console.log(createParser)")
  expect(files.filter((file) => !file.startsWith('protocol/'))).toEqual([])
})
