import { parseArgs } from 'node:util'
import { createServer } from 'vite'
import type { runScript as runOne } from './script.js'

/**
 * `npm run chaos -- --seed 1 --scripts 500`: runs so many scripts, one seed after the other, twenty at a time, and prints
 * the seed and the faults of each that fails. `--minutes` runs until the time is over instead.
 */
const { values } = parseArgs({
  options: { seed: { type: 'string' }, scripts: { type: 'string' }, minutes: { type: 'string' } },
})

const vite = await createServer({ configFile: false, server: { middlewareMode: true }, appType: 'custom', resolve: { alias: await aliases() } })
try {
  // A seam: what Vite loads has no type of its own.
  const { runScript } = (await vite.ssrLoadModule('/test/chaos/script.ts')) as { runScript: typeof runOne }
  const first = Number(values.seed ?? 1)
  const until = values.minutes ? Date.now() + Number(values.minutes) * 60_000 : Infinity
  const most = values.minutes ? Infinity : Number(values.scripts ?? 500)
  let seed = first
  let events = 0
  let failed = 0
  while (seed < first + most && Date.now() < until) {
    const batch = Array.from({ length: Math.min(20, first + most - seed) }, () => seed++)
    for (const result of await Promise.all(batch.map((one) => runScript(one)))) {
      events += result.events
      if (result.problems.length === 0) continue
      failed++
      console.log(JSON.stringify(result))
    }
  }
  console.log(`${seed - first} scripts from seed ${first}, ${events} events, ${failed} failed`)
  process.exitCode = failed > 0 ? 1 : 0
} finally {
  await vite.close()
}

async function aliases() {
  const { entries } = await import('../../entries.ts')
  return entries.map(({ name, file }) => ({ find: new RegExp(`^${name}$`), replacement: `${process.cwd()}/src/${file}.ts` }))
}
