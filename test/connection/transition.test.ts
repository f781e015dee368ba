import { describe, expect, it } from 'vitest'
import type { ConnectionAction, ConnectionState, Wisher } from '../../src/connection/transition.js'
import { countLoss, IDLE, transition } from '../../src/connection/transition.js'
import { SSEError } from '../../src/protocol/errors.js'

const broken = new SSEError('network', 'broken', { retryable: true })
const closedNative = new SSEError('native-closed', 'gave up', { retryable: true })
const refused = new SSEError('unauthorized', 'refused')

const connecting: ConnectionState = { ...IDLE, status: 'connecting', generation: 1, running: true, startedAt: 900 }
const open: ConnectionState = { ...connecting, status: 'open', opened: true, stableAt: 6_000 }
const stable: ConnectionState = { ...open, stableAt: null, startedAt: null }
const polled: ConnectionState = { ...open, useful: true, serverRetryMs: 2_000, attempt: 2 }
const waiting: ConnectionState = {
  ...IDLE,
  status: 'reconnecting',
  generation: 1,
  opened: true,
  attempt: 1,
  error: broken,
  retryAt: 1_500,
  reconnectReason: 'error',
  startedAt: 900,
}
const retrying: ConnectionState = { ...waiting, generation: 2, running: true, retryAt: null, startedAt: 1_500 }
const closed: ConnectionState = { ...IDLE, status: 'closed', generation: 1, opened: true, startedAt: 900 }
const failed: ConnectionState = { ...closed, status: 'failed', attempt: 1, error: broken }

const start = (at: number, by: Wisher = 'call') => ({ type: 'start', at, by }) as const
const restart = (at: number, by: Wisher = 'call') => ({ type: 'restart', at, by }) as const
const lost = (at: number, error: SSEError | null, delayMs: number | false, generation = 1) =>
  ({ type: 'lost', generation, at, error, delayMs, floorMs: 0 }) as const

/** From, what happens, and all that is different then; `null` for nothing. */
const table: [string, ConnectionState, ConnectionAction, Partial<ConnectionState> | null][] = [
  [
    'a start connects',
    IDLE,
    start(5),
    { status: 'connecting', generation: 1, running: true, startedAt: 5, wishedAt: 5 },
  ],
  [
    'a reader that comes starts it at once, and is no wish',
    { ...failed, wishedAt: 900 },
    start(901, 'reader'),
    { status: 'connecting', generation: 2, running: true, attempt: 0, startedAt: 901 },
  ],
  ['a second start changes nothing', connecting, start(2_000), null],
  ['a start leaves a scheduled retry alone', waiting, start(1_000), null],
  [
    'a start opens what was closed',
    closed,
    start(2_000),
    { status: 'connecting', generation: 2, running: true, startedAt: 2_000, wishedAt: 2_000 },
  ],
  [
    'a start forgets the failures of what failed, not the error',
    failed,
    start(2_000),
    { status: 'connecting', generation: 2, running: true, attempt: 0, startedAt: 2_000, wishedAt: 2_000 },
  ],
  [
    'the first wish after a quiet time is granted at once, however young the attempt is',
    failed,
    start(901),
    { status: 'connecting', generation: 2, running: true, attempt: 0, startedAt: 901, wishedAt: 901 },
  ],
  [
    'the next waits for 100 ms between the two',
    { ...failed, wishedAt: 900 },
    start(901),
    { status: 'connecting', attempt: 0, retryAt: 1_000, wishedAt: 1_000 },
  ],
  [
    'a wish of a callback is never the first: the attempt that it reacts to is what it keeps away from',
    failed,
    start(901, 'callback'),
    { status: 'connecting', attempt: 0, retryAt: 1_000, wishedAt: 1_000 },
  ],
  [
    'one that reacts to an old attempt is granted at once',
    failed,
    start(1_000, 'callback'),
    { status: 'connecting', generation: 2, running: true, attempt: 0, startedAt: 1_000, wishedAt: 1_000 },
  ],
  [
    'a clock that was set back makes nobody wait for longer',
    { ...failed, wishedAt: 9_000_000 },
    start(901),
    { status: 'connecting', attempt: 0, retryAt: 1_001, wishedAt: 1_001 },
  ],
  [
    'a restart begins a new attempt',
    open,
    restart(2_000),
    { status: 'reconnecting', generation: 2, stableAt: null, startedAt: 2_000, wishedAt: 2_000 },
  ],
  [
    'a restart does not wait for the retry',
    waiting,
    restart(1_200),
    {
      generation: 2,
      running: true,
      retryAt: null,
      attempt: 0,
      reconnectReason: null,
      startedAt: 1_200,
      wishedAt: 1_200,
    },
  ],
  [
    'a restart too soon ends the attempt, and waits',
    { ...connecting, wishedAt: 900 },
    restart(950),
    { running: false, retryAt: 1_000, wishedAt: 1_000 },
  ],
  [
    'that of an open stream waits only where a callback wants it',
    open,
    restart(950, 'callback'),
    { status: 'reconnecting', running: false, stableAt: null, retryAt: 1_000, wishedAt: 1_000 },
  ],
  [
    'asked again meanwhile it waits as it does',
    { ...waiting, retryAt: 1_000, wishedAt: 1_000 },
    restart(950),
    null,
  ],
  ['a close ends an attempt', connecting, { type: 'close' }, { status: 'closed', running: false }],
  ['a close ends an open stream', open, { type: 'close' }, { status: 'closed', running: false, stableAt: null }],
  [
    'a close wins over a scheduled retry',
    waiting,
    { type: 'close' },
    { status: 'closed', retryAt: null, error: null, reconnectReason: null },
  ],
  ['a close of what is closed changes nothing', closed, { type: 'close' }, null],
  ['a close takes back a failure', failed, { type: 'close' }, { status: 'closed', error: null }],
  [
    'an answer opens',
    connecting,
    { type: 'opened', generation: 1, stableAt: 6_000 },
    { status: 'open', opened: true, stableAt: 6_000 },
  ],
  [
    'an answer clears the error and the reason, not yet the failures',
    retrying,
    { type: 'opened', generation: 2, stableAt: 9_000 },
    { status: 'open', error: null, reconnectReason: null, stableAt: 9_000 },
  ],
  ['an answer to an older attempt is none', retrying, { type: 'opened', generation: 1, stableAt: 9_000 }, null],
  ['an answer after the close is none', closed, { type: 'opened', generation: 1, stableAt: 9_000 }, null],
  ['the first event makes an attempt useful', open, { type: 'received', generation: 1 }, { useful: true }],
  ['later ones change nothing', { ...open, useful: true }, { type: 'received', generation: 1 }, null],
  ["the server's time is kept", open, { type: 'retry', generation: 1, ms: 7 }, { serverRetryMs: 7 }],
  [
    'a transport that reconnects by itself is reconnecting, and may say when and why',
    open,
    { type: 'waiting', generation: 1, retryAt: 4_000, error: broken, attempt: 2, planned: false },
    { status: 'reconnecting', stableAt: null, retryAt: 4_000, error: broken, attempt: 2, reconnectReason: 'error' },
  ],
  [
    'and that nothing broke',
    open,
    { type: 'waiting', generation: 1, retryAt: 4_000, error: null, attempt: 0, planned: true },
    { status: 'reconnecting', stableAt: null, retryAt: 4_000, reconnectReason: 'planned' },
  ],
  ['its time is not ours', { ...retrying, retryAt: 4_000 }, { type: 'timer', at: 4_000 }, null],
  [
    'a clean end of a stable stream reconnects as planned, without a failure',
    stable,
    lost(9_000, null, 500),
    { status: 'reconnecting', running: false, retryAt: 9_500, reconnectReason: 'planned' },
  ],
  [
    'a clean end before that counts as a failure does, though nothing broke',
    { ...open, useful: true },
    lost(2_000, null, 500),
    { status: 'reconnecting', running: false, attempt: 1, retryAt: 2_500, stableAt: null, reconnectReason: 'planned' },
  ],
  [
    'that of a server that named the time and sent events is how it is polled',
    polled,
    lost(2_000, null, 2_000),
    { status: 'reconnecting', running: false, attempt: 0, retryAt: 4_000, stableAt: null, reconnectReason: 'planned' },
  ],
  [
    'two attempts are never less than 100 ms apart',
    { ...open, useful: true, serverRetryMs: 0 },
    lost(910, null, 0),
    { status: 'reconnecting', running: false, retryAt: 1_000, stableAt: null, reconnectReason: 'planned' },
  ],
  [
    'unless the first was stable',
    stable,
    lost(9_000, null, 0),
    { status: 'reconnecting', running: false, retryAt: 9_000, reconnectReason: 'planned' },
  ],
  [
    'a 204 closes',
    open,
    { type: 'ended', generation: 1, final: true },
    { status: 'closed', running: false, stableAt: null },
  ],
  [
    'the end of what is not live closes',
    open,
    { type: 'ended', generation: 1, final: false },
    { status: 'closed', running: false, stableAt: null },
  ],
  [
    'a clean end without retries closes',
    open,
    lost(1_000, null, false),
    { status: 'closed', running: false, stableAt: null },
  ],
  [
    'a failure waits for the next attempt',
    connecting,
    lost(1_000, broken, 500),
    { status: 'reconnecting', running: false, attempt: 1, error: broken, retryAt: 1_500, reconnectReason: 'error' },
  ],
  [
    'a failure without a next attempt is final',
    connecting,
    lost(1_000, broken, false),
    { status: 'failed', running: false, attempt: 1, error: broken },
  ],
  [
    'failures add up while streams break before they are stable',
    { ...open, attempt: 3 },
    lost(5_999, broken, 500),
    {
      status: 'reconnecting',
      running: false,
      attempt: 4,
      error: broken,
      retryAt: 6_499,
      stableAt: null,
      reconnectReason: 'error',
    },
  ],
  [
    'failures before a stable time are forgotten, even if its timer came late',
    { ...open, attempt: 3 },
    lost(6_000, broken, 500),
    {
      status: 'reconnecting',
      running: false,
      attempt: 1,
      error: broken,
      retryAt: 6_500,
      stableAt: null,
      reconnectReason: 'error',
    },
  ],
  ['a failure of an older attempt is none', retrying, lost(1, broken, 500), null],
  [
    'how often EventSource gave up is counted',
    { ...connecting, unopened: 2 },
    lost(1_000, closedNative, 500),
    {
      status: 'reconnecting',
      running: false,
      attempt: 1,
      unopened: 3,
      error: closedNative,
      retryAt: 1_500,
      reconnectReason: 'error',
    },
  ],
  [
    'the first 401 asks again at once',
    connecting,
    { type: 'refused', generation: 1, at: 950 },
    { generation: 2, asked: true, reconnectReason: 'error', startedAt: 950 },
  ],
  [
    'the second fails',
    { ...connecting, asked: true },
    lost(950, refused, false),
    { status: 'failed', running: false, attempt: 1, error: refused },
  ],
  [
    'what the server asked to wait is remembered',
    connecting,
    { ...lost(1_000, broken, 60_000), floorMs: 60_000 },
    { status: 'reconnecting', running: false, attempt: 1, error: broken, retryAt: 61_000, notBefore: 61_000, reconnectReason: 'error' },
  ],
  [
    'a page that comes back does not ask earlier',
    { ...waiting, status: 'paused', held: 'page', retryAt: null, notBefore: 61_000 },
    { type: 'release', at: 5_000 },
    { status: 'reconnecting', held: null, retryAt: 61_000 },
  ],
  [
    'and asks at once when that time is over',
    { ...waiting, status: 'paused', held: 'page', retryAt: null, notBefore: 61_000 },
    { type: 'release', at: 61_000 },
    { status: 'reconnecting', held: null, running: true, generation: 2, startedAt: 61_000, notBefore: null },
  ],
  [
    'the retry time starts the attempt',
    waiting,
    { type: 'timer', at: 1_500 },
    { generation: 2, running: true, retryAt: null, startedAt: 1_500 },
  ],
  ['an early timer does not', waiting, { type: 'timer', at: 1_499 }, null],
  [
    'the stable time forgets failures',
    { ...open, attempt: 3 },
    { type: 'timer', at: 6_000 },
    { attempt: 0, stableAt: null, startedAt: null },
  ],
  ['a timer after the close is none', closed, { type: 'timer', at: 9_999 }, null],
]

describe('transition', () => {
  it.each(table)('%s', (_, state, action, change) => {
    const next = transition(state, action)
    expect(next).toEqual({ ...state, ...change })
    expect(next === state).toBe(change === null)
  })

  it('is made of data: states and actions survive a copy', () => {
    for (const [, state, action] of table) {
      // Errors are plain enough, but their copies have no class.
      const plain = { ...state, error: null }
      expect(structuredClone(plain)).toEqual(plain)
      expect(Object.values(action).filter((part) => typeof part === 'function')).toEqual([])
    }
  })
})

describe('what a loss amounts to', () => {
  it.each([
    ['a break', retrying, 1_600, broken, { attempt: 2, stable: false, polled: false }],
    ['a break after a stable time', stable, 1_600, broken, { attempt: 1, stable: true, polled: false }],
    ['a clean end of a stable stream', { ...stable, attempt: 0 }, 1_600, null, { attempt: 0, stable: true, polled: false }],
    ['an end at once', open, 1_600, null, { attempt: 1, stable: false, polled: false }],
    ['the end of a poll', polled, 1_600, null, { attempt: 0, stable: false, polled: true, serverRetryMs: 2_000 }],
    ['a poll that brought nothing', { ...polled, useful: false }, 1_600, null, { attempt: 3, polled: false }],
    ['a poll that broke', polled, 1_600, broken, { attempt: 3, polled: false }],
  ] as const)('%s', (_, state, at, error, loss) => {
    expect(countLoss(state, at, error)).toMatchObject(loss)
  })
})
