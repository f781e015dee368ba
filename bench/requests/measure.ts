import type { CDPSession, Page } from 'playwright'
import { chromium } from 'playwright'
import { chromiumArgs, chromiumPath } from '../../test/chromium.ts'
import { quantile } from '../quantile.ts'
import { textOf } from './answer.ts'
import type { AnswerRun } from './page.tsx'
import type { Contender } from './roster.ts'
import { roster as everyone } from './roster.ts'
import type { AnswerServer } from './server.ts'

export interface MeasureOptions {
  /** Contenders whose id contains this. */
  readonly only: string
  readonly rounds: number
  /** How long the answers are, in tokens. */
  readonly lengths: readonly number[]
  /** How many tokens come a second; `Infinity`: the whole answer at once. */
  readonly rate: number
}

/** What one length cost one contender: medians over the rounds. */
export interface Cost {
  readonly tokens: number
  /** What the page's main thread has worked from the question to the frame after the answer, and of that in scripts. */
  readonly mainMs: number
  readonly scriptMs: number
  /** Half the width of the middle half of `mainMs`, in percent of it. */
  readonly spread: number
  /** The median of the rounds' own ratios to whoever of ours reads the same bytes, so that a machine's moods cancel out. */
  readonly toOurs: number
  readonly commits: number
  readonly totalMs: number
}

export interface Row {
  readonly contender: Contender
  readonly costs: readonly Cost[]
}

interface Sample extends AnswerRun {
  readonly mainMs: number
  readonly scriptMs: number
}

const WARM_UP_TOKENS = 1_000

/** Measures every contender in one browser, interleaved; before that, each has shown that it ends with the same text. */
export async function measure(server: AnswerServer, { only, rounds, lengths, rate }: MeasureOptions): Promise<{ rows: Row[]; version: string }> {
  const roster = everyone.filter(({ id }) => id.includes(only))
  const browser = await chromium.launch({ executablePath: await chromiumPath(), args: chromiumArgs })
  try {
    const page = await browser.newPage()
    page.setDefaultTimeout(0)
    const devtools = await page.context().newCDPSession(page)
    await devtools.send('Performance.enable', { timeDomain: 'timeTicks' })
    for (const contender of roster) for (const tokens of lengths) await answerOnce(page, devtools, server, contender, tokens, Infinity)
    const samples = new Map<string, Sample[]>(roster.flatMap(({ id }) => lengths.map((tokens) => [`${id} ${tokens}`, []])))
    // Each round begins with another contender, so that a noisy neighbour disturbs all alike.
    for (let round = 0; round < rounds; round++)
      for (const tokens of lengths)
        for (let turn = 0; turn < roster.length; turn++) {
          const contender = roster[(round + turn) % roster.length]
          if (contender) samples.get(`${contender.id} ${tokens}`)?.push(await answerOnce(page, devtools, server, contender, tokens, rate))
        }
    const of = ({ id }: Contender, tokens: number) => samples.get(`${id} ${tokens}`) ?? []
    const rows = roster.map((contender) => {
      const ours = roster.find(({ format }) => format === contender.format) ?? contender
      return { contender, costs: lengths.map((tokens) => costOf(tokens, of(contender, tokens), of(ours, tokens))) }
    })
    return { rows, version: browser.version() }
  } finally {
    await browser.close()
  }
}

/**
 * One answer on a page of its own, which has read a short one before.
 *
 * @throws Error unless what it shows in the end is the answer
 */
async function answerOnce(page: Page, devtools: CDPSession, server: AnswerServer, { id, format }: Contender, tokens: number, rate: number): Promise<Sample> {
  await page.goto(server.origin)
  await page.waitForFunction(() => globalThis.requestsPage)
  const ask = async (length: number) => {
    const url = `/answer?format=${format}&tokens=${length}&rate=${rate}`
    await page.evaluate(([name, from]) => globalThis.requestsPage?.mount(name, from), [id, url] as const)
    await devtools.send('HeapProfiler.collectGarbage')
    const before = await workOf(devtools)
    const run = await page.evaluate(() => globalThis.requestsPage?.ask())
    const after = await workOf(devtools)
    const text = await page.evaluate(() => globalThis.requestsPage?.text())
    if (!run || text !== textOf(length)) throw new Error(`${id} ended with another text: ${text?.length} characters, ${text?.slice(0, 200)}`)
    return { ...run, mainMs: after.mainMs - before.mainMs, scriptMs: after.scriptMs - before.scriptMs }
  }
  await ask(WARM_UP_TOKENS)
  return ask(tokens)
}

/** What the main thread has worked since the page's process began. */
async function workOf(devtools: CDPSession): Promise<{ mainMs: number; scriptMs: number }> {
  const { metrics } = await devtools.send('Performance.getMetrics')
  const ms = (wanted: string) => (metrics.find(({ name }) => name === wanted)?.value ?? 0) * 1000
  return { mainMs: ms('TaskDuration'), scriptMs: ms('ScriptDuration') }
}

function costOf(tokens: number, samples: readonly Sample[], ours: readonly Sample[]): Cost {
  const median = (of: (sample: Sample) => number) => quantile(samples.map(of), 0.5)
  const main = samples.map(({ mainMs }) => mainMs)
  return {
    tokens,
    mainMs: median(({ mainMs }) => mainMs),
    scriptMs: median(({ scriptMs }) => scriptMs),
    spread: ((quantile(main, 0.75) - quantile(main, 0.25)) / 2 / quantile(main, 0.5)) * 100,
    toOurs: quantile(main.map((ms, round) => ms / (ours[round]?.mainMs ?? ms)), 0.5),
    commits: median(({ commits }) => commits),
    totalMs: median(({ totalMs }) => totalMs),
  }
}
