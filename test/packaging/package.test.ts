import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
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

/** The source map that a bundle names on its last line. */
async function sourceMap(bundle: string): Promise<{ sources: string[]; sourcesContent: string[] }> {
  const code = await readFile(join(home, 'dist', bundle), 'utf8')
  const [name = ''] = /(?<=\n\/\/# sourceMappingURL=).+(?=\n*$)/.exec(code) ?? []
  // A seam: the build writes it, by the standard for source maps.
  return JSON.parse(await readFile(join(home, 'dist', name), 'utf8')) as { sources: string[]; sourcesContent: string[] }
}

describe.each(['.js', '.cjs'])('in the bundles %s', (end) => {
  test('source maps hold the sources, which are not in the tarball', async () => {
    for (const { file } of entries) {
      const { sources, sourcesContent } = await sourceMap(`${file}${end}`)
      expect(sources).not.toEqual([])
      expect(sourcesContent).toHaveLength(sources.length)
      for (const content of sourcesContent) expect(content).toMatch(/^export /m)
    }
  })

  test('every module is in one of them, so that a class, a context or a registry exists once', async () => {
    const owners = new Map<string, string[]>()
    for (const { file } of entries)
      for (const source of (await sourceMap(`${file}${end}`)).sources)
        owners.set(source, [...(owners.get(source) ?? []), file])
    expect(owners.size).toBeGreaterThan(10)
    expect([...owners].filter(([source, files]) => files.length > 1 && !STATELESS.has(source))).toEqual([])
  })
})

/** What two entries may both hold: it is constants and functions that keep nothing from one call to the next. */
const STATELESS = new Set(
  ['protocol/clock', 'testing/answering', 'testing/arrivals', 'testing/connection-state', 'protocol/format-event', 'protocol/header-text', 'testing/json-body', 'testing/real-timers', 'testing/url-pattern'].map(
    (module) => `../src/${module}.ts`,
  ),
)
