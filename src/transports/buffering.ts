import { warnOnce } from '../protocol/development.js'

/** A read that comes so long after the one before has had something in its way, in ms, if it brings what came meanwhile. */
const LATE_MS = 3_000
/** So many beats in one read no server sends: it sends them to be heard one by one. */
const BEATS = 3
/** Reads of a buffer that is passed on when it is full, slower than a network would: so many in a row. */
const FULL = 4
const FULL_MS = 100
/** What buffers measure. */
const BLOCK = 1024

/** Reads nearer than this are one. */
const NEAR_MS = 50
/** What says by its name that it comes at regular times. */
const BEAT = /ping|beat|alive/i

/** Says, in development, that something between holds a stream back, and passes it on in bursts. */
export interface Buffering {
  /** A read, before what is in it is told. */
  read(chunk: Uint8Array): void
  comment(): void
  event(type: string): void
}

/** @param now - in ms; time that stands still tells nothing */
export function createBuffering(now: () => number): Buffering {
  let last = now()
  let late = false
  /** In this read. */
  let beats = 0
  let bytes = 0
  /** Late reads with too many beats, none alone between them: one may be a machine that slept, or a network that hung. */
  let bursts = 0
  let full = 0

  function heard() {
    // A heartbeat of many lines is small.
    if (++beats === BEATS && late && bytes >= BLOCK && ++bursts === 2) warn('several heartbeats at once, after a silence')
  }

  return {
    read(chunk) {
      const waited = now() - last
      last = now()
      // A buffer is cut where it is full, and not where an event ends.
      const isFull = chunk.byteLength % BLOCK === 0 && chunk.at(-1) !== 0x0a && waited >= FULL_MS
      full = isFull ? full + 1 : 0
      if (full === FULL) warn(`reads of exactly ${chunk.byteLength} bytes, cut in the middle of events`)
      if (waited < NEAR_MS) return void (bytes += chunk.byteLength)
      if (beats === 1) bursts = 0
      beats = 0
      bytes = chunk.byteLength
      late = waited >= LATE_MS
    },
    comment: heard,
    event(type) {
      if (BEAT.test(type)) heard()
    },
  }
}

function warn(sign: string): void {
  warnOnce(
    `eventwire: something between this page and the server buffers the stream (${sign}): events come late. On the server send X-Accel-Buffering: no ` +
      'and Cache-Control: no-transform, and leave text/event-stream out of compression; in nginx set proxy_buffering off',
  )
}
