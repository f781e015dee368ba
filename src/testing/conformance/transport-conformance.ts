import type { Transport } from 'eventwire/core'
import type { Serve } from './scripted-server.js'
import type { ConformanceCheck } from './trial.js'
import type { WireCase } from './wire-cases.js'
import { closingChecks } from './closing-checks.js'
import { deliveryChecks } from './delivery-checks.js'
import { endingChecks } from './ending-checks.js'
import { requestChecks } from './request-checks.js'
import { runTrial } from './trial.js'
import { wireCases } from './wire-cases.js'

/** What {@link transportConformance} needs. */
export interface TransportConformanceOptions {
  /** Makes URLs of a real server that answers by script. */
  serve: Serve
  /** What has to arrive for which bytes. Default: a short tour of the format. */
  cases?: readonly WireCase[] | undefined
  /**
   * It reconnects by itself, as EventSource does: an end or a break is `waiting()`, then `open` again, and the
   * reconnection time is its own affair. Default `false`.
   */
  reconnects?: boolean | undefined
  /**
   * How long a check waits for what it expects, in ms. Default `10000`: Chromium may keep a connection for 5 s after
   * its response was let go, unless the server said `Connection: close`.
   */
  timeoutMs?: number | undefined
}

/**
 * What a transport promises, as checks that any test runner can run, in Node and in browsers. Real time passes.
 *
 * ```ts
 * for (const { name, run } of transportConformance(() => myTransport(), { serve })) it(name, run)
 * ```
 *
 * Which checks there are depends on `transport.can`. Each opens its own transport, and fails also when anything is
 * reported after an end or after `close()`, or when the server still holds a connection at the end.
 *
 * @example
 * ```tsx
 * import { fetchTransport } from 'eventwire/core'
 * import type { Serve } from 'eventwire/testing'
 * import { transportConformance } from 'eventwire/testing'
 * import { expect, it } from 'vitest'
 *
 * export function check(serve: Serve) {
 *   for (const { name, run } of transportConformance(() => fetchTransport(), { serve }))
 *     it(name, () => expect(run()).resolves.toBeUndefined())
 * }
 * ```
 */
export function transportConformance(
  createTransport: () => Transport,
  { serve, cases = wireCases, reconnects = false, timeoutMs = 10_000 }: TransportConformanceOptions,
): ConformanceCheck[] {
  const { can } = createTransport()
  return [requestChecks, deliveryChecks, endingChecks, closingChecks]
    .flatMap((table) => table({ can, reconnects, cases }))
    .map(([name, check]) => ({ name, run: () => runTrial(createTransport(), { serve, timeoutMs }, check) }))
}
