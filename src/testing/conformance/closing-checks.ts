import type { Check, CheckTable, Trial } from './trial.js'
import { same } from './trial.js'
import { utf8 } from './wire-cases.js'

const three = { chunks: [utf8('data: 1\n\ndata: 2\n\nid: 3\ndata: 3\n\n')] }
const held = { ...three, after: 'hold' } as const

/** `close()` wins: that nothing is reported after it, and that connections go, is tried in every check besides. */
export const closingChecks: CheckTable = () => [
  [
    'close() at once',
    async (trial) => {
      const stream = await trial.serve(held)
      trial.open(stream).close()
      await another(trial)
      await trial.released(stream)
    },
  ],
  [
    'close() before the server answers',
    async ({ serve, open, until, released }) => {
      const stream = await serve({ status: null, after: 'hold' })
      const recorded = open(stream)
      await until('the request', async () => (await stream.requests()).length > 0)
      recorded.close()
      await released(stream)
      same(recorded.kinds(), '', 'reports')
    },
  ],
  ...(['open', 'event'] as const).map(within),
  [
    'close() within the last event: the end is not heard',
    async (trial) => {
      const recorded = trial.open(await trial.serve(three), {}, (report, { close }) => {
        if (report.kind === 'event' && report.event.data === '3') close()
      })
      await trial.until('the last event', () => recorded.of('event').length > 2)
      await another(trial)
      same(recorded.kinds(), 'open event event event', 'reports')
    },
  ],
  [
    'close() between events',
    async (trial) => {
      const stream = await trial.serve(held)
      const recorded = trial.open(stream)
      await trial.until('the events', () => recorded.of('event').length > 2)
      recorded.close()
      await trial.released(stream)
      same(recorded.kinds(), 'open event event event', 'reports')
    },
  ],
  [
    'close() again, and listen() after it',
    async (trial) => {
      const recorded = trial.open(await trial.serve(held))
      await trial.until('the events', () => recorded.of('event').length > 2)
      recorded.close()
      recorded.close()
      recorded.attempt.listen('late')
      await another(trial)
      same(recorded.kinds(), 'open event event event', 'reports')
    },
  ],
]

function within(when: 'open' | 'event'): Check {
  return [
    `close() within ${when}: the rest of the chunk is not heard`,
    async (trial) => {
      const stream = await trial.serve(held)
      const recorded = trial.open(stream, {}, ({ kind }, { close }) => {
        if (kind === when) close()
      })
      await trial.until(when, () => recorded.of(when).length > 0)
      await trial.released(stream)
      await another(trial)
      same(recorded.kinds(), when === 'open' ? 'open' : 'open event', 'reports')
    },
  ]
}

/** A whole attempt from open to event: time enough for whatever the closed one might still say. */
async function another({ serve, open, until }: Trial): Promise<void> {
  const recorded = open(await serve(held))
  await until('the events of another attempt', () => recorded.of('event').length > 2)
}
