import type { Contender, Tally } from './contenders.js'
import { contenders } from './contenders.js'
import { quantile } from './quantile.js'
import type { BenchStream } from './streams.js'
import { streams } from './streams.js'

/** How fast one contender was over the rounds. */
export interface Speed {
  readonly name: string
  /** Megabytes a second: the median, and half the width of the middle half in percent of it. */
  readonly median: number
  readonly spread: number
  /** How many times as fast ours was: the median of the rounds' own ratios, so that a machine's moods cancel out. */
  readonly ours: number
}

export interface Row {
  readonly stream: string
  readonly note: string | undefined
  readonly speeds: readonly Speed[]
}

/** What decides how long it takes. */
export interface MeasureOptions {
  rounds: number
  /** How long one sample lasts at least, in ms; clocks of browsers are coarse. */
  sampleMs: number
  /** Rows whose name contains this. */
  only: string
}

/** Measures every row; each contender's result is checked against ours first, and ours by its own tests. */
export function measure({ rounds, sampleMs, only }: MeasureOptions): Row[] {
  return streams.filter(({ name }) => name.includes(only)).map((stream) => measureRow(stream, rounds, sampleMs))
}

function measureRow(stream: BenchStream, rounds: number, sampleMs: number): Row {
  check(stream)
  const runs = contenders.map((contender) => calibrate(contender, stream, sampleMs))
  const samples = contenders.map((): number[] => [])
  // Interleaved, and each round starting with another contender, so that a noisy neighbour disturbs all alike.
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const index = (round + turn) % contenders.length
      const contender = contenders[index]
      if (contender) samples[index]?.push(sample(contender, stream, runs[index] ?? 1))
    }
  }
  const speeds = contenders.map(({ name }, index) => {
    const mine = samples[index] ?? []
    const ratios = mine.map((speed, round) => (samples[0]?.[round] ?? 0) / speed)
    const median = quantile(mine, 0.5)
    const spread = ((quantile(mine, 0.75) - quantile(mine, 0.25)) / 2 / median) * 100
    return { name, median, spread, ours: quantile(ratios, 0.5) }
  })
  return { stream: stream.name, note: stream.note, speeds }
}

/** Throws unless every contender that parses finds the same types and data, in the same order. */
function check(stream: BenchStream): void {
  let expected: { digest: string; tally: Tally } | undefined
  for (const contender of contenders.filter(({ parses }) => parses)) {
    let hash = 0
    const tally = contender.run(stream, (type, data) => {
      for (const text of [type, data]) {
        for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0
      }
    })
    const found = { digest: `${hash}`, tally }
    expected ??= found
    if (!tally.events || JSON.stringify(found) !== JSON.stringify(expected)) {
      throw new Error(`${stream.name}: ${contender.name} found ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`)
    }
  }
}

/** How many runs fill a sample; warms the contender up on the way. */
function calibrate(contender: Contender, stream: BenchStream, sampleMs: number): number {
  for (let runs = 1; ; runs *= 2) {
    const started = performance.now()
    for (let run = 0; run < runs; run++) contender.run(stream)
    const ms = performance.now() - started
    if (ms >= sampleMs) return Math.max(1, Math.round((runs * sampleMs) / ms))
  }
}

function sample(contender: Contender, stream: BenchStream, runs: number): number {
  const started = performance.now()
  for (let run = 0; run < runs; run++) contender.run(stream)
  return (stream.bytes * runs) / 1e3 / (performance.now() - started)
}
