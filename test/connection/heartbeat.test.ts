import { describe, expect, it } from 'vitest'
import { createHeartbeat } from '../../src/connection/heartbeat.js'

const beats = (times: readonly number[], kind = '', text = '') => {
  const heartbeat = createHeartbeat()
  for (const at of times) heartbeat.heard(kind, text, at)
  return heartbeat.silenceMs
}

describe('a heartbeat', () => {
  it.each<[string, number | null, number[]]>([
    ['four comments 15 s apart', 45_000, [0, 15_000, 30_000, 45_000]],
    ['that drift', 48_000, [0, 15_000, 31_000, 45_000]],
    ['faster ones count as 5 s', 5_000, [0, 1_000, 2_000, 3_000]],
    ['three are too few', null, [0, 15_000, 30_000]],
    ['one that comes when it likes is none', null, [0, 2_000, 30_000, 31_500]],
    ['padding at the start is one', null, [0, 1, 2, 3, 4, 5]],
    ['padding before beats hurts nothing', 45_000, [0, 1, 2, 15_000, 30_000, 45_000]],
    ['one that comes later than learned lengthens it', 120_000, [0, 15_000, 30_000, 45_000, 85_000]],
  ])('%s', (_, silence, times) => {
    expect(beats(times)).toBe(silence)
  })

  const four = [0, 15_000, 30_000, 45_000]
  it('may be an event that always says the same, or nothing', () => {
    expect([beats(four, 'ping'), beats(four, 'ping', '{}')]).toEqual([45_000, 45_000])
    const heartbeat = createHeartbeat()
    four.forEach((at, index) => heartbeat.heard('tick', String(index), at))
    expect(heartbeat.silenceMs).toBeNull()
    expect(beats(four, 'news', 'a long text that happens to be the same '.repeat(20))).toBeNull()
  })

  it('is heard again after one was missed', () => {
    const heartbeat = createHeartbeat()
    let at = 0
    const silences: (number | null)[] = []
    for (let round = 0; round < 5; round++) {
      for (let beat = 0; beat < 40; beat++) heartbeat.heard('', '', (at += 15_000))
      silences.push(heartbeat.silenceMs)
      heartbeat.missed()
    }
    expect(silences).toEqual([45_000, 45_000, 45_000, 45_000, 45_000])
  })

  it('is not lengthened by a machine that slept', () => {
    expect(beats([...four, 3_645_000, 3_660_000, 3_675_000])).toBe(45_000)
  })

  it('any number of types costs eight', () => {
    const heartbeat = createHeartbeat()
    for (let at = 0; at < 10_000; at++) heartbeat.heard(`type ${at}`, '', at)
    for (const at of four) heartbeat.heard('ping', '', at)
    expect(heartbeat.silenceMs).toBeNull()
  })
})

/** A small generator, so that every run is the same. */
function random(seed: number) {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
}

describe('a thousand simulated servers that are well', () => {
  it('are hardly ever taken for dead, and never again and again', () => {
    let alarms = 0
    let worst = 0
    for (let seed = 0; seed < 1_000; seed++) {
      const next = random(seed)
      const heartbeat = createHeartbeat()
      const every = 2_000 + next() * 58_000
      const drift = next() * 0.3
      // One in four stops its heartbeats for good at some time: it sends them only while nothing else comes, say.
      const stopsAfter = next() < 0.25 ? 5 + next() * 50 : Infinity
      const eventEvery = next() < 0.5 ? every * (0.1 + next() * 5) : Infinity
      let at = 0
      let lastByte = 0
      let nextEvent = eventEvery
      let mine = 0
      const until = 4 * 3_600_000
      let beat = 0
      while (at < until) {
        const nextBeat = beat < stopsAfter ? lastBeat(beat, every) + (next() - 0.5) * drift * every : Infinity
        const comes = Math.min(nextBeat, nextEvent, until)
        const silence = heartbeat.silenceMs
        if (silence !== null && comes - lastByte > silence) {
          mine++
          heartbeat.missed()
          lastByte += silence
          at = lastByte
          continue
        }
        at = lastByte = comes
        if (comes === nextBeat) {
          beat++
          heartbeat.heard('', '', at)
        } else nextEvent += eventEvery
      }
      alarms += mine
      worst = Math.max(worst, mine)
    }
    // Each alarm is one reconnect from the cursor. A server whose heartbeats end for good is asked ever more rarely.
    expect(worst).toBeLessThanOrEqual(12)
    expect(alarms / 1_000).toBeLessThan(2)
  })

  const lastBeat = (beat: number, every: number) => (beat + 1) * every
})
