/**
 * From bytes to events, beside the peers, in Node and in Chromium: `npm run bench`.
 *
 *     npm run bench -- --only tokens --rounds 5 --in node
 */
import { readFile, mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { parseArgs } from 'node:util'
import { chromium } from 'playwright'
import { rolldown } from 'rolldown'
import { chromiumArgs, chromiumPath } from '../test/chromium.ts'
import type { Browser } from '../test/engines/browser.ts'
import { missingExecutables } from '../test/engines/executable.ts'
import { measureBurst } from './burst.ts'
import type { EventPathRow } from './event-path.ts'
import type { Expiring } from './expiring-server.ts'
import type { MeasureOptions, Row } from './measure.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    rounds: { type: 'string', default: '21' },
    in: { type: 'string', default: 'node,chromium,burst,renew' },
  },
})
const options: MeasureOptions = { only: values.only, rounds: Number(values.rounds), sampleMs: 25 }

const version = async (name: string): Promise<string> => {
  const manifest: unknown = JSON.parse(await readFile(join(import.meta.dirname, '../node_modules', name, 'package.json'), 'utf8'))
  return manifest && typeof manifest === 'object' && 'version' in manifest ? `${name} ${String(manifest.version)}` : name
}

/** @param suite - without `.ts` */
async function bundle(file: string, suite: string, format: 'iife' | 'esm' = 'iife'): Promise<void> {
  const build = await rolldown({
    input: join(import.meta.dirname, `${suite}.ts`),
    platform: 'browser',
    logLevel: 'warn',
    resolve: { alias: { 'eventwire/core': join(import.meta.dirname, '../src/core.ts') } },
    transform: { define: { 'process.env.NODE_ENV': '"production"' } },
  })
  await build.write({ file, format })
  await build.close()
}

async function inNode(file: string): Promise<Row[]> {
  await import(pathToFileURL(file).href)
  return globalThis.eventwireBench?.(options) ?? []
}

/** The engines that are here: two of them are no packages of npm (see `npm run test:engines`). */
async function engines(): Promise<[name: string, start: () => Promise<Browser>][]> {
  const executablePath = await chromiumPath()
  const found: [string, () => Promise<Browser>][] = [['Chromium', () => startChromium(executablePath)]]
  if (missingExecutables()) {
    console.log(`Chromium alone: ${missingExecutables()}, and run npm ci in test/engines`)
    return found
  }
  return [...found, ['Firefox', await engine('firefox', 'startFirefox')], ['WebKit', await engine('webkit', 'startWebKit')]]
}

/** Loaded when it is wanted, and not before: what drives it is a package of test/engines alone. */
async function engine(file: string, name: string): Promise<() => Promise<Browser>> {
  const module = (await import(new URL(`../test/engines/${file}.ts`, import.meta.url).href)) as Record<string, () => Promise<Browser>>
  const start = module[name]
  if (!start) throw new Error(`${file}.ts has no ${name}`)
  return start
}

async function startChromium(executablePath: string): Promise<Browser> {
  const browser = await chromium.launch({ executablePath, args: chromiumArgs })
  const page = await browser.newPage()
  return { open: async (url) => void (await page.goto(url)), close: () => browser.close() }
}

async function inChromium(file: string): Promise<{ rows: Row[]; version: string }> {
  const browser = await chromium.launch({ executablePath: await chromiumPath(), args: chromiumArgs })
  try {
    const page = await browser.newPage()
    page.setDefaultTimeout(0)
    await page.addScriptTag({ path: file })
    return { rows: await page.evaluate((given) => globalThis.eventwireBench?.(given) ?? [], options), version: browser.version() }
  } finally {
    await browser.close()
  }
}

function table(title: string, rows: readonly Row[]): string {
  const names = rows[0]?.speeds.map(({ name }) => name) ?? []
  const notes = [...new Set(rows.flatMap(({ note }) => note ?? []))]
  const lines = rows.map(({ stream, note, speeds }) => {
    const cells = speeds.map(({ median, spread }) => `${median.toFixed(median < 100 ? 1 : 0)} ±${spread.toFixed(0)}%`)
    const factors = speeds.slice(1, 3).map(({ ours }) => `${ours.toFixed(2)}×`)
    return [note ? `${stream} [${notes.indexOf(note) + 1}]` : stream, ...cells, ...factors]
  })
  const head = [title, ...names, ...names.slice(1, 3).map((name) => `ours / ${name}`)]
  const widths = head.map((cell, column) => Math.max(...[head, ...lines].map((line) => line[column]?.length ?? 0), cell.length))
  const text = (line: readonly string[]): string =>
    `| ${line.map((cell, column) => (column ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[0] ?? 0))).join(' | ')} |`
  const rule = `|${widths.map((width, column) => (column ? `${'-'.repeat(width + 1)}:` : '-'.repeat(width + 2))).join('|')}|`
  return [text(head), rule, ...lines.map(text), ...notes.map((note, index) => `[${index + 1}] ${note}`)].join('\n')
}

const folder = await mkdtemp(join(tmpdir(), 'eventwire-bench-'))
try {
  const file = join(folder, 'suite.js')
  await bundle(file, 'suite')
  console.log(`MB/s from bytes to events: median of ${options.rounds} interleaved rounds, ± half the middle half.`)
  console.log(`${await version('eventsource-parser')}, ${await version('@microsoft/fetch-event-source')}; ${cpus()[0]?.model ?? ''}\n`)
  if (values.in.includes('node')) console.log(`${table(`Node ${process.versions.node}`, await inNode(file))}\n`)
  if (values.in.includes('node') && !values.only) {
    const path = join(folder, 'event-path.js')
    await bundle(path, 'event-path')
    await import(pathToFileURL(path).href)
    console.log('µs an event from bytes to the handler, 100,000 at once, in Node:')
    const rows: readonly EventPathRow[] = (await globalThis.eventwirePath?.(options.rounds)) ?? []
    for (const { what, microseconds, spread } of rows)
      console.log(`  ${microseconds.toFixed(3)} ±${spread.toFixed(0)}%  ${what}`)
    console.log()
  }
  if (values.in.includes('chromium')) {
    const { rows, version: chromiumVersion } = await inChromium(file)
    console.log(`${table(`Chromium ${chromiumVersion}`, rows)}\n`)
  }
  if (values.in.includes('burst') && !values.only) {
    const page = join(folder, 'burst-page.js')
    await bundle(page, 'burst-page', 'esm')
    console.log('200,000 events at once: how late a task posted every 50 ms is (p98), and when the last event came, in ms:')
    for (const [name, start] of await engines()) {
      const rows = await measureBurst(start, page, options.rounds)
      for (const { who, p98, totalMs } of rows)
        console.log(`  ${p98.toFixed(0).padStart(5)} ${totalMs.toFixed(0).padStart(6)}  ${name}, ${who}`)
    }
  }
  if (values.in.includes('renew') && !values.only) {
    const path = join(folder, 'renew.js')
    await bundle(path, 'renew')
    await import(pathToFileURL(path).href)
    const [lifeMs, perSecond] = [5_000, 200]
    const server = new Worker(new URL('expiring-server.ts', import.meta.url), { workerData: { lifeMs, perSecond } satisfies Expiring })
    const port: unknown = await new Promise((resolve) => server.once('message', resolve))
    console.log(`\n${perSecond} events a second, each answer over after ${lifeMs} ms: how late an event is, in ms (p50, p99, worst), in Node:`)
    const rows = (await globalThis.eventwireRenew?.(`http://127.0.0.1:${String(port)}/`, options.rounds * 3_000)) ?? []
    await server.terminate()
    for (const { who, p50, p99, worst, events, answers, lost, doubled } of rows)
      console.log(`  ${[p50, p99, worst].map((ms) => ms.toFixed(0).padStart(5)).join(' ')}  ${who}: ${events} events of ${answers} answers, ${lost} lost, ${doubled} doubled`)
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}
