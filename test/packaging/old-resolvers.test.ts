import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { createSSEServer } from 'eventwire/testing/node'
import { describe, expect, inject, onTestFinished, test } from 'vitest'
import { entries } from '../../entries.ts'
import manifest from '../../package.json' with { type: 'json' }
import { openPage } from './chromium-page.js'

const home = join(inject('consumer'), 'node_modules/eventwire')

describe('a resolver that knows no exports (Metro before 0.79, Jest 27, TypeScript node10)', () => {
  test('finds the root entry, and through it the same core', () => {
    const require = createRequire(join(inject('consumer'), 'main.cjs'))
    // A seam: what `main` names is the package.
    const root = require(join(home, manifest.main)) as Record<string, unknown>
    const core = require(join(home, 'dist/core.cjs')) as Record<string, unknown>
    expect(typeof root['useSSE']).toBe('function')
    expect(root['SSEError']).toBe(core['SSEError'])
  })

  test('every file names the others by their place beside it', async () => {
    for (const { file } of entries)
      for (const end of ['js', 'cjs'])
        expect(await readFile(join(home, `dist/${file}.${end}`), 'utf8')).not.toMatch(/(from |require\()["']eventwire/)
  })

  test('finds the types of every entry', async () => {
    const named = entries.filter(({ name }) => !name.includes('testing/'))
    const code = named.map(({ name }, index) => `import * as e${index} from '${name}'\nexport { e${index} }`).join('\n')
    await writeFile(join(inject('consumer'), 'node10.ts'), `${code}\nimport { useSSE } from 'eventwire'\nexport const one: typeof useSSE = useSSE\n`)
    const flags = ['--noEmit', '--strict', '--skipLibCheck', '--jsx', 'react-jsx', '--target', 'es2022', '--module', 'commonjs', '--moduleResolution', 'node10']
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [resolve('test/types/node_modules/typescript/bin/tsc'), ...flags, 'node10.ts'],
      { cwd: inject('consumer') },
    ).catch((error: { stdout: string }) => error)
    expect(stdout).toBe('')
  })
})

test('eventwire/core runs in a page as it is, without a bundler', async () => {
  const sse = await createSSEServer({ url: '/events', timeoutMs: 30_000 })
  onTestFinished(() => sse.close())
  const pages = createServer((request, response) => {
    if (request.url === '/') return void response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><p id="seen"></p>')
    void readFile(join(home, 'dist', request.url ?? '')).then(
      (code) => response.writeHead(200, { 'content-type': 'text/javascript' }).end(code),
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((listening) => pages.listen(0, '127.0.0.1', listening))
  onTestFinished(() => void pages.close())
  // A seam: a server that listens on a port has an address with one.
  const { page, problems } = await openPage(`http://127.0.0.1:${(pages.address() as AddressInfo).port}/`)
  // As text: the page's own module is none that Vitest knows.
  const reading = page.evaluate(`(async () => {
    const { json, openSSE } = await import('/core.js')
    for await (const event of openSSE({ url: '${sse.origin}/events', decode: json() })) return [event.data, typeof process]
  })()`)
  ;(await sse.connected()).send({ data: 42 })
  expect(await reading).toEqual([42, 'undefined'])
  expect(problems.filter((problem) => !problem.includes('favicon'))).toEqual([])
})
