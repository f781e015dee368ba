import type { CDPSession } from 'playwright'
import { chromium } from 'playwright'
import { chromiumArgs, chromiumPath } from '../../test/chromium.ts'
import { quantile } from '../quantile.ts'
import { textOf } from './answer.ts'
import type { Form } from './contenders.tsx'
import type { AnswerRun } from './page.tsx'
import type { Contender } from './roster.ts'

export interface MeasureOptions {
  readonly contenders: readonly Contender[]
  readonly rounds: number
  /** How long the answers are, in tokens. */
  readonly lengths: readonly number[]
  readonly form: Form
}

/** What one length cost one contender: medians over the rounds. */
export interface Cost {
  readonly tokens: number
  /** How long the main thread has worked from the question to the frame after the answer, in ms of its own time. */
  readonly mainMs: number
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

/** The contenders on a page of one browser. */
export interface Bench {
  readonly version: string
  /** Throws unless each contender shows the same text in the end, of every length. */
  check(): Promise<void>
  /** @param rate - how many tokens come a second; `Infinity`: the whole answer at once */
  measure(rate: number): Promise<Row[]>
  close(): Promise<void>
}

interface Sample extends AnswerRun {
  readonly mainMs: number
}

const WARM_UP_TOKENS = 1_000

/** Whoever takes longer than this for one answer is asked for it once, and not in every round. */
const PATIENCE_MS = 20_000

export async function startBench(origin: string, { contenders, rounds, lengths, form }: MeasureOptions): Promise<Bench> {
  const browser = await chromium.launch({ executablePath: await chromiumPath(), args: chromiumArgs })
  const page = await browser.newPage()
  page.setDefaultTimeout(0)
  const devtools = await page.context().newCDPSession(page)
  // Of the thread and not of the clock: what else the machine does is nobody's work.
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })

  /** One answer on a page of its own, which has read a short one before; throws unless what it shows in the end is the answer. */
  async function answerOnce({ id, format }: Contender, tokens: number, rate: number): Promise<Sample> {
    await page.goto(origin)
    await page.waitForFunction(() => globalThis.requestsPage)
    const ask = async (length: number) => {
      const url = `/answer?format=${format}&tokens=${length}&rate=${rate}`
      await page.evaluate((given) => globalThis.requestsPage?.mount(...given), [id, url, form] as const)
      await devtools.send('HeapProfiler.collectGarbage')
      const before = await workOf(devtools)
      const run = await page.evaluate(() => globalThis.requestsPage?.ask())
      const after = await workOf(devtools)
      const text = await page.evaluate(() => globalThis.requestsPage?.text())
      if (!run || text !== textOf(length))
        throw new Error(`${id} ended with another text: ${text?.length} characters, ${text?.slice(0, 200)}`)
      return { ...run, mainMs: after - before }
    }
    await ask(WARM_UP_TOKENS)
    return ask(tokens)
  }

  return {
    version: browser.version(),
    async check() {
      for (const contender of contenders) for (const tokens of lengths) await answerOnce(contender, tokens, Infinity)
    },
    async measure(rate) {
      const samples = new Map<string, Sample[]>()
      const of = ({ id }: Contender, tokens: number) => samples.get(`${id} ${tokens}`) ?? []
      // Each round begins with another contender, so that a noisy neighbour disturbs all alike.
      for (let round = 0; round < rounds; round++)
        for (const tokens of lengths)
          for (let turn = 0; turn < contenders.length; turn++) {
            const contender = contenders[(round + turn) % contenders.length]
            if (!contender || of(contender, tokens).some(({ totalMs }) => totalMs > PATIENCE_MS)) continue
            samples.set(`${contender.id} ${tokens}`, [...of(contender, tokens), await answerOnce(contender, tokens, rate)])
          }
      return contenders.map((contender) => {
        const ours = contenders.find(({ format }) => format === contender.format) ?? contender
        return { contender, costs: lengths.map((tokens) => costOf(tokens, of(contender, tokens), of(ours, tokens))) }
      })
    },
    close: () => browser.close(),
  }
}

/** How long the main thread has worked since the page's process began, in ms. */
async function workOf(devtools: CDPSession): Promise<number> {
  const { metrics } = await devtools.send('Performance.getMetrics')
  const worked = metrics.find(({ name }) => name === 'TaskDuration')
  if (!worked) throw new Error('This browser does not tell its TaskDuration')
  return worked.value * 1000
}

function costOf(tokens: number, samples: readonly Sample[], ours: readonly Sample[]): Cost {
  const median = (of: (sample: Sample) => number) => quantile(samples.map(of), 0.5)
  const main = samples.map(({ mainMs }) => mainMs)
  return {
    tokens,
    mainMs: median(({ mainMs }) => mainMs),
    spread: ((quantile(main, 0.75) - quantile(main, 0.25)) / 2 / quantile(main, 0.5)) * 100,
    toOurs: quantile(main.map((ms, round) => ms / (ours[round]?.mainMs ?? ms)), 0.5),
    commits: median(({ commits }) => commits),
    totalMs: median(({ totalMs }) => totalMs),
  }
}
