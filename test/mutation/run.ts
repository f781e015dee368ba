/**
 * Whether the tests notice small mistakes: a sample of mutants of everything below React and of the transports, each of
 * which the related tests must fail on.
 *
 *     npm run mutate -- --seed 1 --count 400 --at-once 2
 */
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { globSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createRandom } from '../chaos/random.ts'
import type { Mutant } from './mutants.ts'
import { mutantsOf } from './mutants.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '400' },
    'at-once': { type: 'string', default: '2' },
    minutes: { type: 'string', default: '240' },
    /** The slow tests, too, of what no other has noticed: minutes for each. */
    slow: { type: 'boolean', default: false },
  },
})
const root = join(import.meta.dirname, '../..')
const layers = ['protocol', 'options', 'connection', 'stream', 'client', 'transports']
/** Of development alone, or of tests. */
const LEFT_OUT = /check-options|option-rules|request-faults|spelling|foreign-names|record\.ts|freeze-data|undeclared-type|virtual-clock|stray-body|steady-identity/

/** A copy of what tests need, so that nobody's working tree is touched. */
async function workshop(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'eventwire-mutants-'))
  for (const part of ['src', 'test', 'package.json', 'tsconfig.json', 'vitest.config.ts', 'entries.ts', '.storybook', 'stories', 'examples', 'bench', 'docs', 'README.md'])
    await cp(join(root, part), join(home, part), { recursive: true, filter: (path) => !path.includes('node_modules') })
  await mkdir(join(home, 'test/react-18'), { recursive: true })
  await symlink(join(root, 'node_modules'), join(home, 'node_modules'))
  return home
}

/** Tests that take seconds: asked last, only where the others noticed nothing, and only with `--slow`. */
const SLOW = ['chaos', 'conformance/properties', 'protocol/parser-memory', 'protocol/parser-cost', 'testing/scenarios', 'stream/soak', 'transports/fetch', 'transports/faults', 'bench/']

type Verdict = 'noticed' | 'timeout' | 'nothing'

/** What the tests say that a command of Vitest's runs, in one process for all: that takes a third of the time. */
function judge(home: string, command: readonly string[], tell?: (said: string) => void): Promise<Verdict> {
  const args = ['node_modules/vitest/vitest.mjs', ...command, '--config=test/mutation/vitest.config.ts', '--bail=1', '--no-isolate', '--reporter=dot', '--maxWorkers=1', '--testTimeout=30000']
  // What never ends is noticed by that.
  const limits = { cwd: home, timeout: 300_000, killSignal: 'SIGKILL', maxBuffer: 1e9 } as const
  return new Promise((resolve) =>
    execFile(process.execPath, args, limits, (error, out, err) => {
      if (error) tell?.(out + err)
      if (!error) resolve('nothing')
      // A machine that is busy is no test that fails.
      else resolve(error.killed || /timed out/.test(out + err) ? 'timeout' : 'noticed')
    }),
  )
}

/** Where the tests of a layer are, beside the folder of its name: asked first. */
const BESIDE: Readonly<Record<string, readonly string[]>> = {
  protocol: ['test/conformance', 'test/transports'],
  options: ['test/client'],
  stream: ['test/client'],
  connection: ['test/client', 'test/stream'],
  client: ['test/stream'],
}

const quick = SLOW.map((name) => `--exclude=**/${name}*`)

/** Whether a test fails: of the file's own layer first, then of all that have to do with it, the slow ones last. */
async function fails(home: string, file: string): Promise<boolean> {
  const layer = file.split('/')[1] ?? ''
  const rounds = [
    ['run', `test/${layer}`, ...quick],
    ...(BESIDE[layer] ? [['run', ...BESIDE[layer], ...quick]] : []),
    ['related', file, '--run', ...quick],
    ...(values.slow ? [['related', file, '--run']] : []),
  ]
  for (const command of rounds) {
    const verdict = await judge(home, command)
    if (verdict === 'noticed') return true
    // Twice is no accident.
    if (verdict === 'timeout' && (await judge(home, command)) !== 'nothing') return true
  }
  return false
}

async function isNoticed(home: string, { file, from, to, is }: Mutant): Promise<boolean> {
  const path = join(home, file)
  const text = await readFile(path, 'utf8')
  await writeFile(path, `${text.slice(0, from)}${is}${text.slice(to)}`)
  const noticed = await fails(home, file)
  await writeFile(path, text)
  return noticed
}

const random = createRandom(Number(values.seed))
const files = globSync(layers.map((layer) => `src/${layer}/*.ts`), { cwd: root }).filter((file) => !LEFT_OUT.test(file))
const all = (await Promise.all(files.sort().map(async (file) => mutantsOf(file, await readFile(join(root, file), 'utf8'))))).flat()
const sample = Array.from({ length: Math.min(Number(values.count), all.length) }, () => all.splice(random.between(0, all.length - 1), 1)).flat()
console.log(`${sample.length} of ${sample.length + all.length} mutants, seed ${values.seed}`)

const until = Date.now() + Number(values.minutes) * 60_000
const survivors: Mutant[] = []
let done = 0
await Promise.all(
  Array.from({ length: Number(values['at-once']) }, async () => {
    const home = await workshop()
    const whole = ['run', ...layers.map((layer) => `test/${layer}`), ...quick]
    if ((await judge(home, whole, console.log)) !== 'nothing') throw new Error('The tests fail without any mistake: see there first')
    for (let mutant = sample.shift(); mutant && Date.now() < until; mutant = sample.shift()) {
      const { file, line, was, is } = mutant
      const noticed = await isNoticed(home, mutant)
      if (!noticed) survivors.push(mutant)
      console.log(`${++done} ${noticed ? 'noticed ' : 'SURVIVED'} ${file}:${line} ${was.slice(0, 60)} → ${is.slice(0, 60)}`.replaceAll('\n', ' '))
    }
    await rm(home, { recursive: true })
  }),
)
console.log(`${done - survivors.length} of ${done} noticed: ${((1 - survivors.length / done) * 100).toFixed(1)} %`)
