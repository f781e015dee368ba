import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { describe, expect, inject, test } from 'vitest'
import { entries } from '../../entries.ts'
import manifest from '../../package.json' with { type: 'json' }

const consumer = inject('consumer')
const home = join(consumer, 'node_modules/eventwire')
const execute = promisify(execFile)

/** Runs a script in plain Node in the consumer's folder, as a module or as CommonJS; it prints JSON. */
async function inNode(type: 'module' | 'commonjs', script: string): Promise<unknown> {
  const { stdout } = await execute(process.execPath, [`--input-type=${type}`, '--eval', script], { cwd: consumer })
  return JSON.parse(stdout)
}

/** What a command printed and whether it failed, so that a test shows both. */
async function run(script: string, ...args: string[]): Promise<{ output: string; failed: boolean }> {
  const { stdout, stderr, failed } = await execute(process.execPath, [resolve(script), ...args], { cwd: consumer }).then(
    (output) => ({ ...output, failed: false }),
    (error: { stdout: string; stderr: string }) => ({ ...error, failed: true }),
  )
  return { output: stdout + stderr, failed }
}

test('the tarball holds the build, its declarations, and what people read', async () => {
  const files = await readdir(home, { recursive: true })
  const built = entries.flatMap(({ file }) => ['.js', '.cjs', '.d.ts', '.d.cts'].map((end) => join('dist', file + end)))
  expect(files).toEqual(expect.arrayContaining(['README.md', 'LICENSE', 'CHANGELOG.md', ...built]))
  expect(files.filter((file) => !/^(bin|dist|README\.md|LICENSE|CHANGELOG\.md|package\.json)/.test(file))).toEqual([])
})

test('publint has nothing to say, suggestions included', async () => {
  const tarball = await readFile(inject('tarball'))
  const pack = { tarball: new Uint8Array(tarball).buffer }
  const { messages } = await publint({ pack, strict: true })
  expect(messages.map((message) => formatMessage(message, manifest))).toEqual([])
})

test('every entry has the right types under node16 and bundlers', async () => {
  const checked = await run('node_modules/@arethetypeswrong/cli/dist/index.js', inject('tarball'), '--profile', 'node16')
  expect(checked).toEqual({ output: expect.stringContaining('"eventwire/core"'), failed: false })
})

test('the declarations compile for an ES module and for CommonJS, themselves included', async () => {
  const uses = entries.map(({ name }, index) => `import * as e${index} from '${name}'\nvoid e${index}`)
  const source = [...uses, "import { useSSE } from 'eventwire'", "export const status: string = useSSE('/').status"]
  await writeFile(join(consumer, 'module.mts'), source.join('\n'))
  await writeFile(join(consumer, 'script.cts'), source.join('\n'))
  const options = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--target', 'es2022', '--types', 'node']
  const checked = await run(
    'node_modules/@typescript/native/bin/tsc',
    ...options,
    '--lib',
    'es2022,dom,dom.iterable,dom.asynciterable',
    '--module',
    'nodenext',
    'module.mts',
    'script.cts',
  )
  expect(checked).toEqual({ output: '', failed: false })
})

test('eventwire-mock-server runs from the tarball, and stops when it is told to', async () => {
  expect(manifest.bin).toEqual({ 'eventwire-mock-server': 'bin/eventwire-mock-server.js' })
  const server = spawn(process.execPath, [join(home, manifest.bin['eventwire-mock-server']), '--port', '0'], { cwd: consumer })
  const [first] = await once(server.stdout, 'data')
  const url = /http:\S+/.exec(String(first))?.[0] ?? ''
  const { body } = await fetch(url)
  const event = await body?.getReader().read()
  expect(new TextDecoder().decode(event?.value)).toMatch(/^id: \d+\ndata: \{"n":\d+/)
  server.kill('SIGTERM')
  expect(await once(server, 'exit')).toEqual([0, null])
})

test.each(['index.js', 'index.cjs'])("'use client' is a directive of %s", async (file) => {
  expect(await readFile(join(home, 'dist', file), 'utf8')).toMatch(/^("use strict";\s*)?"use client";/)
})

describe.each(entries)('$name', ({ name }) => {
  test('gives the same names to import and to require, in plain Node', async () => {
    const imported = await inNode('module', `console.log(JSON.stringify(Object.keys(await import('${name}')).sort()))`)
    const required = await inNode('commonjs', `console.log(JSON.stringify(Object.keys(require('${name}')).sort()))`)
    const source: object = await import(/* @vite-ignore */ name)
    expect(imported).toEqual(Object.keys(source).sort())
    expect(required).toEqual(imported)
  })
})

describe.each(['.js', '.cjs'])('in the bundles %s', (end) => {
  test('every module is in one of them, so that a class, a context or a registry exists once', async () => {
    const owners = new Map<string, string[]>()
    for (const { file } of entries) {
      const map: unknown = JSON.parse(await readFile(join(home, 'dist', `${file}${end}.map`), 'utf8'))
      for (const source of (map as { sources: string[] }).sources)
        owners.set(source, [...(owners.get(source) ?? []), file])
    }
    expect(owners.size).toBeGreaterThan(10)
    expect([...owners].filter(([source, files]) => files.length > 1 && !STATELESS.has(source))).toEqual([])
  })
})

/** What two entries may both hold: it is constants and functions that keep nothing from one call to the next. */
const STATELESS = new Set(
  ['protocol/clock', 'testing/arrivals', 'testing/connection-state', 'testing/format', 'testing/header-text', 'testing/url-pattern'].map(
    (module) => `../src/${module}.ts`,
  ),
)

test.each(['module', 'commonjs'] as const)('a name that two entries have is one object (%s)', async (type) => {
  const load = (name: string) => (type === 'module' ? `await import('${name}')` : `require('${name}')`)
  const same = await inNode(
    type,
    `const all = [${entries.map(({ name }) => load(name)).join(', ')}]
     const names = all.flatMap((entry) => Object.keys(entry))
     const shared = [...new Set(names.filter((name, index) => names.indexOf(name) !== index))]
     const kinds = (name) => new Set(all.filter((entry) => name in entry).map((entry) => entry[name])).size
     console.log(JSON.stringify(Object.fromEntries(shared.map((name) => [name, kinds(name)]))))`,
  )
  expect(same).toMatchObject({ SSEError: 1, createSSEClient: 1 })
  expect(Object.values(Object(same)).every((kinds) => kinds === 1)).toBe(true)
})

// What the types promise, and the documentation's examples, against the built declarations.
test.each([
  ['5.4', 'test/types/node_modules/typescript/bin/tsc'],
  ['newest', 'node_modules/@typescript/native/bin/tsc'],
])('TypeScript %s infers what users rely on', async (_, compiler) => {
  for (const file of ['examples.tsx', 'inference.tsx'])
    await writeFile(join(consumer, file), await readFile(resolve('test/types', file), 'utf8'))
  const options = ['--noEmit', '--strict', '--skipLibCheck', '--exactOptionalPropertyTypes', '--target', 'es2022']
  const modules = ['--module', 'esnext', '--moduleResolution', 'bundler', '--jsx', 'react-jsx', '--types', 'node']
  const checked = await run(compiler, ...options, ...modules, 'examples.tsx', 'inference.tsx')
  expect(checked).toEqual({ output: '', failed: false })
})
