import type { Clock } from '../protocol/clock.js'
import { warnOnce } from '../protocol/development.js'
import { originOf } from '../protocol/page.js'

/** So many connections to one origin a browser opens over HTTP/1.1, of all its tabs together. */
const LIMIT = 6
/** So long an answer may take before it is odd, in ms. */
const ODD_MS = 5_000

/** Says, in development, why a stream is not answered: six others hold all connections that there are. */
export interface ConnectionLimit {
  asked(url: string): void
  opened(): void
  over(): void
}

/** Streams of this page to one origin. */
interface Line {
  readonly open: Set<object>
  /** Who waits for an answer, and how to have it look at its watch. */
  readonly waiting: Map<object, () => void>
}

const lines = new Map<string, Line>()

function lineOf(origin: string): Line {
  const line = lines.get(origin) ?? { open: new Set(), waiting: new Map() }
  lines.set(origin, line)
  return line
}

export function createConnectionLimit(clock: Clock): ConnectionLimit {
  const mine = {}
  let origin: string | null = null
  let timer: unknown = null

  function over() {
    clock.clearTimeout(timer)
    timer = null
    if (origin === null) return
    const line = lineOf(origin)
    line.open.delete(mine)
    line.waiting.delete(mine)
    if (line.open.size + line.waiting.size === 0) lines.delete(origin)
  }

  /** From when there is no connection left it may count. */
  function look(to: string) {
    if (timer === null && lineOf(to).open.size >= LIMIT) timer = clock.setTimeout(() => warn(to), ODD_MS)
  }

  return {
    asked(url) {
      over()
      // Where there is no page there is no such limit.
      const to = (origin = originOf(url))
      if (to === null) return
      lineOf(to).waiting.set(mine, () => look(to))
      look(to)
    },
    opened() {
      over()
      if (origin === null) return
      const { open, waiting } = lineOf(origin)
      open.add(mine)
      for (const lookAgain of waiting.values()) lookAgain()
    },
    over,
  }
}

interface Entry {
  readonly name: string
  readonly nextHopProtocol?: string
}

function warn(origin: string): void {
  if (lineOf(origin).open.size < LIMIT || speaksHTTP2(origin)) return
  warnOnce(
    `eventwire: ${origin} has not answered a stream for ${ODD_MS / 1_000} s while ${LIMIT} others to it are open. Over HTTP/1.1 a browser opens ` +
      `${LIMIT} connections to one origin, of all its tabs together. Serve HTTP/2, or read one stream with several event types instead of several`,
  )
}

/** Where something else of it came over one connection for all. */
function speaksHTTP2(origin: string): boolean {
  // A seam: not every browser has every member.
  const { performance } = globalThis as { readonly performance?: { getEntriesByType?(type: string): readonly Entry[] } }
  const entries = performance?.getEntriesByType?.('resource') ?? []
  return entries.some(({ name, nextHopProtocol = '' }) => name.startsWith(`${origin}/`) && /^h[23]/.test(nextHopProtocol))
}
