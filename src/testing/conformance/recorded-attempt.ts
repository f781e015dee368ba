import type {
  Clock,
  OpenInfo,
  RawEvent,
  ResolvedRequest,
  SSEError,
  Transport,
  TransportAttempt,
  TransportSink,
} from 'eventwire/core'

/** What an attempt reported. */
export type AttemptReport =
  | { readonly kind: 'open'; readonly info: OpenInfo }
  | { readonly kind: 'event'; readonly event: RawEvent }
  | { readonly kind: 'activity'; readonly bytes: number | undefined }
  | { readonly kind: 'comment'; readonly text: string }
  | { readonly kind: 'retry'; readonly ms: number }
  | { readonly kind: 'cursor'; readonly lastEventId: string }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'end'; readonly final: boolean }
  | { readonly kind: 'fail'; readonly error: SSEError }

type Kind = AttemptReport['kind']

const BESIDE: ReadonlySet<Kind> = new Set(['activity', 'comment', 'retry', 'cursor'])
const OF_A_STREAM: ReadonlySet<Kind> = new Set([...BESIDE, 'event'])

/** What an attempt is asked for; `resolve` stands in for all of the request. */
export interface AttemptRequest extends Partial<ResolvedRequest> {
  readonly types?: readonly string[]
  readonly maxEventSize?: number
  readonly clock?: Clock
  readonly resolve?: () => Promise<ResolvedRequest>
}

/** An attempt whose reports are written down. */
export interface RecordedAttempt {
  readonly attempt: TransportAttempt
  /** In order. */
  readonly reports: readonly AttemptReport[]
  /** What was reported that must not have been. */
  readonly breaches: readonly string[]
  /** The reports of one kind. */
  of<K extends Kind>(kind: K): Extract<AttemptReport, { kind: K }>[]
  /** The kinds in order, without `activity`, `comment`, `retry` and `cursor`. */
  kinds(): string
  close(): void
}

/** A request that asks for nothing special. */
export function resolvedTo(request: Partial<ResolvedRequest> & { url: string }): ResolvedRequest {
  return { method: 'GET', headers: {}, body: undefined, credentials: undefined, lastEventId: '', ...request }
}

/**
 * Opens an attempt and writes down what it reports.
 *
 * @param onReport - called with every report, after it was written down
 */
export function recordAttempt(
  transport: Transport,
  asked: AttemptRequest & { readonly url: string },
  onReport: (report: AttemptReport, recorded: RecordedAttempt) => void = () => {},
): RecordedAttempt {
  const { types = [], maxEventSize = 4_194_304, clock, resolve = async () => resolvedTo(request), ...request } = asked
  const reports: AttemptReport[] = []
  const breaches: string[] = []
  let closed = false
  let over = false

  function report(one: AttemptReport) {
    const { kind } = one
    if (closed) breaches.push(`reported ${kind} after close()`)
    else if (over) breaches.push(`reported ${kind} after its end or failure`)
    else if (OF_A_STREAM.has(kind) && of('open').length === 0) breaches.push(`reported ${kind} before open`)
    if (one.kind === 'fail' && one.error.name !== 'SSEError') breaches.push('failed with what is no SSEError')
    over ||= kind === 'end' || kind === 'fail'
    reports.push(one)
    onReport(one, recorded)
  }

  const sink: TransportSink = {
    open: (info) => report({ kind: 'open', info }),
    event: (event) => report({ kind: 'event', event }),
    activity: (bytes) => report({ kind: 'activity', bytes }),
    comment: (text) => report({ kind: 'comment', text }),
    retry: (ms) => report({ kind: 'retry', ms }),
    cursor: (lastEventId) => report({ kind: 'cursor', lastEventId }),
    waiting: () => report({ kind: 'waiting' }),
    end: (final = false) => report({ kind: 'end', final }),
    fail: (error) => report({ kind: 'fail', error }),
  }

  const of = <K extends Kind>(kind: K) =>
    reports.filter((one): one is Extract<AttemptReport, { kind: K }> => one.kind === kind)

  const recorded: Omit<RecordedAttempt, 'attempt'> & { attempt: TransportAttempt } = {
    // Until `open` has returned there is nothing to listen to; what it reports meanwhile may close all the same.
    attempt: { close() {}, listen() {} },
    reports,
    breaches,
    of,
    kinds: () => reports.flatMap(({ kind }) => (BESIDE.has(kind) ? [] : kind)).join(' '),
    close() {
      closed = true
      recorded.attempt.close()
    },
  }
  recorded.attempt = transport.open({ id: 'conformance', identity: { text: 'conformance', whole: true }, types, maxEventSize, resolve, ...(clock && { clock }) }, sink)
  if (closed) recorded.attempt.close()
  return recorded
}
