import type { Attempt, AttemptsStage } from './attempts.ts'
import { useSyncExternalStore } from 'react'
import { clockTime } from './stage/clock-time.ts'
import { useNow } from './stage/time-context.ts'

const SHOWN = 8
/** What the width stands for at least, in ms. */
const SHORTEST = 10_000

/** The attempts over time, as the server saw them. */
export function AttemptTimeline({ stage }: { stage: AttemptsStage }) {
  const attempts = useSyncExternalStore(stage.subscribe, stage.attempts).slice(-SHOWN)
  const now = useNow()
  const start = attempts[0]?.from ?? now
  // Time that passes with nothing under way squeezes nobody.
  const last = Math.max(start + SHORTEST, ...attempts.map(({ until }) => until ?? now))
  // What ended at once, at the very end, has its place too.
  const end = start + (last - start) * 1.03
  const share = (from: number, until: number) => `${((until - from) / (end - start)) * 100}%`
  return (
    <section className="card">
      <div className="card-head">
        <h2>Attempts, seen by the server</h2>
        <p className="legend">
          <span data-part="pending">unanswered</span>
          <span data-part="open">open</span>
        </p>
      </div>
      <ol className="attempts" aria-label="Attempts, oldest first">
        {attempts.map((attempt) => {
          const { number, from, openedAt, until, cursor } = attempt
          const over = until ?? now
          return (
            <li className="attempt" key={number}>
              <span>#{number}</span>
              <time>{clockTime(from)}</time>
              <span className="attempt-bar" aria-hidden="true">
                <span style={{ width: share(start, from) }} />
                <span data-part="pending" style={{ width: share(from, openedAt ?? over) }} />
                {openedAt !== null && <span data-part="open" style={{ width: share(openedAt, over) }} />}
              </span>
              <span>{inWords(attempt)}</span>
              <span className="attempt-cursor">{cursor && `from id ${cursor}`}</span>
            </li>
          )
        })}
      </ol>
    </section>
  )
}

function inWords({ openedAt, outcome }: Attempt): string {
  return outcome || (openedAt === null ? 'unanswered' : 'open')
}
