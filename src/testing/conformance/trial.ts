import type { Capability, Transport } from 'eventwire/core'
import type { AttemptReport, AttemptRequest, RecordedAttempt } from './recorded-attempt.js'
import type { ScriptedAnswer, ScriptedStream, Serve } from './scripted-server.js'
import type { WireCase } from './wire-cases.js'
import { recordAttempt } from './recorded-attempt.js'

/** A promise about transports, and how to try it. */
export interface ConformanceCheck {
  readonly name: string
  /** Rejects with what was seen instead. Releases all that it opened. */
  run(): Promise<void>
}

/** What one check works with. */
export interface Trial {
  readonly transport: Transport
  serve(...answers: ScriptedAnswer[]): Promise<ScriptedStream>
  open(
    stream: ScriptedStream,
    request?: AttemptRequest,
    onReport?: (report: AttemptReport, recorded: RecordedAttempt) => void,
  ): RecordedAttempt
  /** Waits for a condition. */
  until(what: string, condition: () => boolean | Promise<boolean>): Promise<void>
  /** Waits until the server has seen every connection of the stream go. */
  released(stream: ScriptedStream): Promise<void>
}

/** What the choice of checks depends on. */
export interface Traits {
  readonly can: ReadonlySet<Capability>
  readonly reconnects: boolean
  readonly cases: readonly WireCase[]
}

/** A name and what it stands for. */
export type Check = readonly [name: string, check: (trial: Trial) => Promise<void>]

/** Checks for a transport with these traits. */
export type CheckTable = (traits: Traits) => readonly Check[]

const POLL_MS = 5

/** Runs one check with a transport of its own; whatever it opens is closed after it. */
export async function runTrial(
  transport: Transport,
  { serve, timeoutMs }: { serve: Serve; timeoutMs: number },
  check: (trial: Trial) => Promise<void>,
): Promise<void> {
  const opened: RecordedAttempt[] = []
  const streams: ScriptedStream[] = []
  const seen = () => opened.map(({ reports }) => `[${reports.map(({ kind }) => kind).join(' ')}]`).join(' ')

  const trial: Trial = {
    transport,
    async serve(...answers) {
      const stream = await serve(answers)
      streams.push(stream)
      return stream
    },
    open(stream, request, onReport) {
      const recorded = recordAttempt(transport, { url: stream.url, ...request }, onReport)
      opened.push(recorded)
      return recorded
    },
    async until(what, condition) {
      const deadline = Date.now() + timeoutMs
      while (!(await condition())) {
        const waited = `Waited ${timeoutMs} ms for ${what}. Reported: ${seen() || 'nothing'}`
        if (Date.now() > deadline) throw new Error(waited)
        await new Promise((resolve) => setTimeout(resolve, POLL_MS))
      }
    },
    async released(stream) {
      const released = async () => (await stream.requests()).every(({ closed }) => closed)
      await trial.until('the server to see the connection go', released)
    },
  }

  try {
    await check(trial)
  } finally {
    for (const recorded of opened) recorded.close()
  }
  for (const stream of streams) await trial.released(stream)
  same(opened.flatMap(({ breaches }) => breaches), [], 'what it must not report')
}

/** @throws Error when two values are not the same JSON */
export function same(actual: unknown, expected: unknown, what: string): void {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (is !== should) throw new Error(`${what}: expected ${excerpt(should)}, got ${excerpt(is)}`)
}

function excerpt(json: string | undefined): string {
  return json && json.length > 500 ? `${json.slice(0, 500)}…` : String(json)
}
