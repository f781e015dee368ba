import type { Time } from './time.ts'
import { useSyncExternalStore } from 'react'
import { BackstageRow } from '../parts/backstage-row.tsx'
import { clockTime } from './clock-time.ts'

const SPEEDS = [1, 5]
const STEP_MS = 1_000

/** Lets a visitor stop time, move it by hand, and make it run faster. */
export function TimeControls({ time }: { time: Time }) {
  const { running, speed, now } = useSyncExternalStore(time.subscribe, time.getSnapshot)
  return (
    <BackstageRow name="Time">
      <button type="button" className="button" onClick={running ? time.pause : time.run}>
        {running ? 'Pause' : 'Run'}
      </button>
      <button type="button" className="button" onClick={() => void time.advance(STEP_MS)}>
        +1 s
      </button>
      {SPEEDS.map((one) => (
        <button
          key={one}
          type="button"
          className="button"
          aria-label={`Speed ${one}`}
          aria-pressed={speed === one}
          onClick={() => time.setSpeed(one)}
        >
          {one}×
        </button>
      ))}
      <time className="backstage-time muted">{clockTime(now)}</time>
    </BackstageRow>
  )
}
