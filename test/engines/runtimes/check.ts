import { isDeepStrictEqual } from 'node:util'
import type { ScriptedAnswer } from 'eventwire/testing'
import type { ServedStream } from '../../browser/script-client.js'
import { serveFrom } from '../../browser/script-client.js'

/** What a check has to work with. */
export interface Bench {
  serve(...answers: ScriptedAnswer[]): Promise<ServedStream>
  /** Waits for a condition. */
  until(what: string, condition: () => boolean | Promise<boolean>): Promise<void>
  /** Waits until the server has seen every connection of a stream go. */
  released(stream: ServedStream): Promise<void>
  /** @throws Error when two values differ */
  same(actual: unknown, expected: unknown, what: string): void
}

/** A name and what it stands for. */
export type Check = readonly [name: string, run: (bench: Bench) => Promise<void>]

const TIMEOUT_MS = 10_000

/** A bench before the tests' server at this origin. */
export function benchAt(origin: string): Bench {
  const bench: Bench = {
    serve: (...answers) => serveFrom(origin, answers),
    async until(what, condition) {
      const deadline = Date.now() + TIMEOUT_MS
      while (!(await condition())) {
        if (Date.now() > deadline) throw new Error(`Waited ${TIMEOUT_MS} ms for ${what}.`)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    },
    released: (stream) =>
      bench.until('the server to see the connection go', async () =>
        (await stream.requests()).every(({ closed }) => closed),
      ),
    same(actual, expected, what) {
      const text = `${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`
      if (!isDeepStrictEqual(actual, expected)) throw new Error(text)
    },
  }
  return bench
}
