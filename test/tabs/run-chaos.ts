/**
 * Ten tabs of one stream under random faults, in Debian's Chromium: `npm run chaos:tabs -- --seed 1 --minutes 10`.
 * Ends with 1 where an event was lost or doubled, or a tab stuck.
 */
import { parseArgs } from 'node:util'
import { startTabs } from '../engines/tabs.ts'
import { runTabChaos } from './chaos.ts'
import { serveTabs } from './tab-server.ts'

const { values } = parseArgs({ options: { seed: { type: 'string', default: '1' }, minutes: { type: 'string', default: '10' } } })
const ROUND_MS = 30_000
const until = Date.now() + Number(values.minutes) * 60_000
let failed = 0
let audits = 0
for (let seed = Number(values.seed); Date.now() < until; seed++) {
  const server = await serveTabs()
  const browser = await startTabs()
  try {
    const result = await runTabChaos(browser, server, seed, ROUND_MS)
    audits += result.audits
    const isBad = result.wrong > 0 || result.stuck.length > 0
    if (isBad) failed++
    console.log(`seed ${seed}: ${result.actions} actions, ${server.last} events, ${result.audits} audits, ${result.wrong} wrong${isBad ? ` ${result.stuck.join(' ')}` : ''}`)
  } finally {
    await browser.close()
    await server.close()
  }
}
console.log(`${audits} audits, ${failed} rounds failed`)
process.exitCode = failed > 0 ? 1 : 0
