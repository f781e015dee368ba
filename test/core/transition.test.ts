import { describe, expect, it } from 'vitest'
import type { ConnectionAction, ConnectionState } from '../../src/core/transition.js'
import { IDLE, transition } from '../../src/core/transition.js'
import { SSEError } from '../../src/protocol/errors.js'

const broken = new SSEError('network', 'broken', { retryable: true })
const refused = new SSEError('unauthorized', 'refused')
const delay = () => 500
const never = () => false as const

const connecting: ConnectionState = { ...IDLE, status: 'connecting', generation: 1, running: true }
const open: ConnectionState = { ...connecting, status: 'open', opened: true, stableAt: 6_000 }
const waiting: ConnectionState = {
  ...IDLE,
  status: 'reconnecting',
  generation: 1,
  opened: true,
  attempt: 1,
  streak: 1,
  error: broken,
  retryAt: 1_500,
  reconnectReason: 'error',
}
const retrying: ConnectionState = { ...waiting, generation: 2, running: true, retryAt: null }
const closed: ConnectionState = { ...IDLE, status: 'closed', generation: 1, opened: true }
const failed: ConnectionState = { ...closed, status: 'failed', attempt: 1, streak: 1, error: broken }

/** From, what happens, and all that is different then; `null` for nothing. */
const table: [string, ConnectionState, ConnectionAction, Partial<ConnectionState> | null][] = [
  ['a start connects', IDLE, { type: 'start' }, { status: 'connecting', generation: 1, running: true }],
  ['a second start changes nothing', connecting, { type: 'start' }, null],
  ['a start leaves a scheduled retry alone', waiting, { type: 'start' }, null],
  ['a start opens what was closed', closed, { type: 'start' }, { status: 'connecting', generation: 2, running: true }],
  [
    'a start forgets the failures of what failed, not the error',
    failed,
    { type: 'start' },
    { status: 'connecting', generation: 2, running: true, attempt: 0, streak: 0 },
  ],
  [
    'a restart begins a new attempt',
    open,
    { type: 'restart' },
    { status: 'reconnecting', generation: 2, stableAt: null },
  ],
  [
    'a restart does not wait for the retry',
    waiting,
    { type: 'restart' },
    { generation: 2, running: true, retryAt: null, attempt: 0, streak: 0, reconnectReason: null },
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
  [
    'a transport that reconnects by itself is reconnecting',
    open,
    { type: 'waiting', generation: 1 },
    { status: 'reconnecting', stableAt: null, reconnectReason: 'error' },
  ],
  [
    'a clean end reconnects as planned, without a failure',
    { ...open, useful: true },
    { type: 'ended', generation: 1, at: 1_000, again: true, delay },
    { status: 'reconnecting', running: false, retryAt: 1_500, stableAt: null, reconnectReason: 'planned' },
  ],
  [
    'a clean end that brought nothing lengthens the wait',
    open,
    { type: 'ended', generation: 1, at: 1_000, again: true, delay },
    { status: 'reconnecting', running: false, retryAt: 1_500, stableAt: null, reconnectReason: 'planned', streak: 1 },
  ],
  [
    'a final end closes',
    open,
    { type: 'ended', generation: 1, at: 1_000, again: false, delay },
    { status: 'closed', running: false, stableAt: null },
  ],
  [
    'a clean end without retries closes',
    open,
    { type: 'ended', generation: 1, at: 1_000, again: true, delay: never },
    { status: 'closed', running: false, stableAt: null },
  ],
  [
    'a failure waits for the next attempt',
    connecting,
    { type: 'failed', generation: 1, at: 1_000, error: broken, delay },
    {
      status: 'reconnecting',
      running: false,
      attempt: 1,
      streak: 1,
      error: broken,
      retryAt: 1_500,
      reconnectReason: 'error',
    },
  ],
  [
    'a failure without a next attempt is final',
    connecting,
    { type: 'failed', generation: 1, at: 1_000, error: broken, delay: never },
    { status: 'failed', running: false, attempt: 1, streak: 1, error: broken },
  ],
  [
    'failures add up while streams break before they are stable',
    { ...open, attempt: 3, streak: 3 },
    { type: 'failed', generation: 1, at: 5_999, error: broken, delay },
    {
      status: 'reconnecting',
      running: false,
      attempt: 4,
      streak: 4,
      error: broken,
      retryAt: 6_499,
      stableAt: null,
      reconnectReason: 'error',
    },
  ],
  [
    'failures before a stable time are forgotten, even if its timer came late',
    { ...open, attempt: 3, streak: 3 },
    { type: 'failed', generation: 1, at: 6_000, error: broken, delay },
    {
      status: 'reconnecting',
      running: false,
      attempt: 1,
      streak: 1,
      error: broken,
      retryAt: 6_500,
      stableAt: null,
      reconnectReason: 'error',
    },
  ],
  ['a failure of an older attempt is none', retrying, { type: 'failed', generation: 1, at: 1, error: broken, delay }, null],
  [
    'the first 401 asks again at once',
    connecting,
    { type: 'refused', generation: 1, error: refused },
    { generation: 2, asked: true, reconnectReason: 'error' },
  ],
  [
    'the second fails',
    { ...connecting, asked: true },
    { type: 'refused', generation: 1, error: refused },
    { status: 'failed', running: false, attempt: 1, error: refused },
  ],
  [
    'the retry time starts the attempt',
    waiting,
    { type: 'timer', at: 1_500 },
    { generation: 2, running: true, retryAt: null },
  ],
  ['an early timer does not', waiting, { type: 'timer', at: 1_499 }, null],
  [
    'the stable time forgets failures',
    { ...open, attempt: 3, streak: 3 },
    { type: 'timer', at: 6_000 },
    { attempt: 0, streak: 0, stableAt: null },
  ],
  ['a timer after the close is none', closed, { type: 'timer', at: 9_999 }, null],
]

describe('transition', () => {
  it.each(table)('%s', (_, state, action, change) => {
    const next = transition(state, action)
    expect(next).toEqual({ ...state, ...change })
    expect(next === state).toBe(change === null)
  })

  it('asks for the wait with the failures counted', () => {
    const asked: number[][] = []
    transition(retrying, {
      type: 'failed',
      generation: 2,
      at: 0,
      error: broken,
      delay: (...counts) => (asked.push(counts), 0),
    })
    expect(asked).toEqual([[2, 2]])
  })
})
