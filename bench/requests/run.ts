/**
 * Long answers beside the peers' hooks, in Chromium: `npm run bench:requests`. The peers have a lock file of their own, and
 * are installed at the first run.
 *
 *     npm run bench:requests -- --only ai-sdk --rounds 3 --tokens 5000,20000 --rates 5000,Infinity --form length
 */
import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { rolldown } from 'rolldown'
import type { MeasureOptions, Row } from './measure.ts'
import { startBench } from './measure.ts'
import { roster } from './roster.ts'
import { startServer } from './server.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    tokens: { type: 'string', default: '5000,10000,20000' },
    form: { type: 'string', default: 'paragraphs' },
    only: { type: 'string', default: '' },
    rates: { type: 'string', default: '5000,Infinity' },
  },
})
const root = join(import.meta.dirname, '../..')

async function manifest(path: string): Promise<{ version?: string; dependencies?: Record<string, string> }> {
  // A seam: a package.json.
  return JSON.parse(await readFile(path, 'utf8').catch(() => '{}')) as Awaited<ReturnType<typeof manifest>>
}

/** Installs the peers where one is missing or of another version; gives what there is. */
async function peers(): Promise<string[]> {
  const { dependencies = {} } = await manifest(join(import.meta.dirname, 'package.json'))
  const lacking = async () => {
    const names = Object.keys(dependencies)
    const found = await Promise.all(names.map((name) => manifest(join(import.meta.dirname, 'node_modules', name, 'package.json'))))
    return names.filter((name, index) => found[index]?.version !== dependencies[name])
  }
  if ((await lacking()).length > 0) {
    console.log('npm ci in bench/requests …')
    execFileSync('npm', ['ci'], { cwd: import.meta.dirname, stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' })
  }
  const missing = await lacking()
  if (missing.length > 0) throw new Error(`Not installed as package.json says: ${missing.join(', ')}. Run npm install in bench/requests.`)
  return Object.entries(dependencies).map(([name, version]) => `${name} ${version}`)
}

async function bundle(file: string): Promise<void> {
  const ours = { eventwire: 'index', 'eventwire/core': 'core', 'eventwire/llm': 'llm' }
  const build = await rolldown({
    input: join(import.meta.dirname, 'page.tsx'),
    platform: 'browser',
    // The peers' modules say 'use client', which a bundle does without.
    onLog: (level, log, report) => log.code !== 'MODULE_LEVEL_DIRECTIVE' && report(level, log),
    resolve: {
      alias: {
        ...Object.fromEntries(Object.entries(ours).map(([name, entry]) => [`${name}$`, join(root, `src/${entry}.ts`)])),
        // One React for all.
        react: join(root, 'node_modules/react'),
        'react-dom': join(root, 'node_modules/react-dom'),
      },
    },
    transform: { define: { 'process.env.NODE_ENV': '"production"' } },
  })
  await build.write({ file, format: 'esm', codeSplitting: false })
  await build.close()
}

function table(rows: readonly Row[]): string {
  const lengths = rows[0]?.costs.map(({ tokens }) => tokens.toLocaleString('en-US')) ?? []
  const last = lengths.at(-1) ?? ''
  const head = ['reads', 'by', ...lengths.map((length) => `${length}, ms`), 'growth', `to ours, ${last}`, `renders, ${last}`, 'over after, s']
  const lines = rows.map(({ contender, costs }) => {
    const [shortest, longest] = [costs[0], costs.at(-1)]
    if (!shortest || !longest) return []
    return [
      contender.format,
      contender.name,
      ...costs.map(({ mainMs, spread }) => `${mainMs.toFixed(0)} ±${spread.toFixed(0)}%`),
      `${(longest.mainMs / shortest.mainMs).toFixed(1)}×`,
      `${longest.toOurs.toFixed(1)}×`,
      longest.commits.toLocaleString('en-US'),
      (longest.totalMs / 1000).toFixed(1),
    ]
  })
  const widths = head.map((cell, column) => Math.max(cell.length, ...lines.map((line) => line[column]?.length ?? 0)))
  const padded = (cell: string, column: number) => (column > 1 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0))
  const text = (line: readonly string[]): string => `| ${line.map(padded).join(' | ')} |`
  const rule = `|${widths.map((width, column) => (column > 1 ? `${'-'.repeat(width + 1)}:` : '-'.repeat(width + 2))).join('|')}|`
  return [text(head), rule, ...lines.map(text)].join('\n')
}

/** The numbers that an option lists; a typo would measure nothing, for minutes. */
function numbers(option: 'rounds' | 'tokens' | 'rates'): number[] {
  const given = values[option].split(',').map(Number)
  if (given.every((number) => number > 0)) return given
  throw new TypeError(`--${option} takes numbers above 0, and not ${values[option]}`)
}

function options(): MeasureOptions {
  const { only, form } = values
  const contenders = roster.filter(({ id }) => id.includes(only))
  if (contenders.length === 0) throw new TypeError(`--only ${only} leaves nobody of ${roster.map(({ id }) => id).join(', ')}`)
  if (form !== 'paragraphs' && form !== 'one' && form !== 'length')
    throw new TypeError(`--form is paragraphs, one or length, and not ${form}`)
  return { contenders, form, rounds: numbers('rounds')[0] ?? 1, lengths: numbers('tokens') }
}

const [given, rates] = [options(), numbers('rates')]
const versions = await peers()
const folder = await mkdtemp(join(tmpdir(), 'eventwire-bench-'))
try {
  const script = join(folder, 'page.js')
  await bundle(script)
  const server = await startServer(script)
  const bench = await startBench(server.origin, given)
  try {
    await bench.check()
    console.log(`${versions.join(', ')}; Chromium ${bench.version}, ${cpus()[0]?.model ?? ''}`)
    console.log(`Main-thread time of one answer, by its length in tokens: median of ${given.rounds} interleaved rounds, ± half the middle half.`)
    console.log('What took longer than 20 s was done once. Every contender showed the same text.')
    for (const rate of rates) {
      const rows = await bench.measure(rate)
      console.log(`\n${rate === Infinity ? 'The whole answer at once' : `${rate.toLocaleString('en-US')} tokens a second`}:\n${table(rows)}`)
    }
  } finally {
    await bench.close()
    server.close()
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}
