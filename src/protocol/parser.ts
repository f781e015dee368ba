import { SSEError } from './errors.js'
import { createLineDecoder } from './line-decoder.js'
import type { RawEvent } from './event.js'

/** What {@link createParser} takes. */
export interface ParserOptions {
  /** Called for every event, in order, as soon as the blank line that ends it has arrived. */
  onEvent: (event: RawEvent) => void
  /** Called with the reconnection time, in ms, when a `retry` line ends. */
  onRetry?: ((ms: number) => void) | undefined
  /** Called with the text of a comment line: what follows its colon, without one space. */
  onComment?: ((comment: string) => void) | undefined
  /**
   * The most that the data, type and id of one event may measure together, in UTF-16 code units.
   * A line of any kind may be 7 longer.
   *
   * @defaultValue 4 MiB: 4,194,304
   */
  maxEventSize?: number | undefined
  /**
   * The last event ID to start from.
   *
   * @defaultValue `''`
   */
  lastEventId?: string | undefined
}

/** Reads one event stream. */
export interface Parser {
  /**
   * Reads the next bytes of the stream, cut anywhere, and calls the handlers before it returns.
   *
   * What a handler throws is thrown from here at once; the rest of the bytes is kept, and comes first in the next
   * call. When a handler calls `feed`, its bytes come after those that are being read.
   *
   * @throws {@link SSEError} `too-large` when an event is larger than `maxEventSize`. The parser has then ended.
   * @throws TypeError when `bytes` is no `Uint8Array`.
   */
  feed(bytes: Uint8Array): void
  /** Ends the stream. What has not been read is dropped, as is a block without its blank line; `feed` does nothing. */
  end(): void
  /** The last event ID as of the last block that has ended. */
  readonly lastEventId: string
}

const LF = 10
const CR = 13
const SPACE = 32
const COLON = 58
const D = 100
const E = 101
const I = 105

/** `event: ` and `retry: `: what the longest name adds to a line. */
const PREFIX = 7

/**
 * Makes a parser of event streams: bytes in, events out, as WHATWG HTML §9.2.6 says. However the bytes are cut, the
 * events are the same, and the cost is linear.
 *
 * @throws TypeError without `onEvent`, or with a `maxEventSize` that is no size.
 */
export function createParser(options: ParserOptions): Parser {
  const { onEvent, onRetry, onComment, maxEventSize = 4_194_304 } = options
  let { lastEventId = '' } = options
  if (!onEvent || !(maxEventSize >= 0)) throw new TypeError('createParser needs onEvent, and maxEventSize 0 or more')
  const longestLine = maxEventSize + PREFIX
  const decoder = createLineDecoder(take)


  /** What is being read, while `unread`, and what comes after it. */
  let text = ''
  let unread = false
  const queue: string[] = []
  let reading = false
  let ended = false

  /** Where the next line starts in `text`. */
  let start = 0
  /** The next of each in `text`, once looked for: its length where there is none. */
  let cr = -1
  let nul = -1
  /** The text before ended in a CR: an LF that comes first belongs to it. */
  let afterCR = false
  /** A line whose end has not arrived. */
  let unfinished = ''

  // "When a stream is parsed, a data buffer, an event type buffer, and a last event ID buffer must be associated with
  // it." The last is `undefined` while the block has no id: the block's size counts its own, not the sticky one.
  let data = ''
  let type = ''
  let id: string | undefined
  /** One more than what the type and id leave for data. */
  let room = maxEventSize + 1

  /**
   * Where what matters begins: comments that nobody reads, and blank lines that end nothing, need no decoding.
   * Heartbeats are such.
   */
  function skip(bytes: Uint8Array): number {
    if (bytes[0] !== COLON || onComment || unread || decoder.waiting() || unfinished || data || type || id !== undefined) return 0
    const length = Math.min(bytes.length, longestLine)
    let skipped = 0
    for (let at = 0; at < length; at++) {
      const byte = bytes[at]
      if (byte === LF) skipped = at + 1
      else if (byte === CR || (at === skipped && byte !== COLON)) break
    }
    if (skipped) afterCR = false
    return skipped
  }

  function take(decoded: string): void {
    if (unread) queue.push(decoded)
    else begin(decoded)
  }

  function begin(next: string): void {
    text = next
    start = afterCR && next.charCodeAt(0) === LF ? 1 : 0
    cr = nul = -1
    unread = true
  }

  /** Reads `text`. A handler may throw, end or feed: what outlives that is up to date when one is called. */
  function read(): void {
    const source = text
    const { length } = source
    const limit = longestLine
    let from = start
    let lf = -1
    let nextCR = cr
    for (;;) {
      if (lf < from && (lf = source.indexOf('\n', from)) < 0) lf = length
      if (nextCR < from) {
        if ((nextCR = source.indexOf('\r', from)) < 0) nextCR = length
        cr = nextCR
      }
      const end = lf < nextCR ? lf : nextCR
      if (end - from > limit || (!from && unfinished.length + end > limit)) tooLarge()
      if (end === length) {
        unfinished += source.slice(from)
        afterCR = source.charCodeAt(length - 1) === CR
        unread = false
        text = ''
        return
      }
      let next = end + 1
      if (end === nextCR && source.charCodeAt(next) === LF) next++

      const code = source.charCodeAt(from)
      if (!from && unfinished) {
        // Joined and not added: what `+` makes is slower to read, even after it was flattened.
        const line = [unfinished, source.slice(0, end + 1)].join('')
        unfinished = ''
        start = next
        readLine(line, 0, line.length - 1)
        if (ended) return
      } else if (from === end) {
        // "If the line is empty (a blank line), dispatch the event." "If the data buffer's last character is a U+000A
        // LINE FEED (LF) character, then remove the last character from the data buffer."
        start = next
        dispatch(data ? data.slice(0, -1) : undefined)
        if (ended) return
      } else if (
        code === D &&
        source.charCodeAt(from + 1) === 97 &&
        source.charCodeAt(from + 2) === 116 &&
        source.charCodeAt(from + 3) === 97 &&
        source.charCodeAt(from + 4) === COLON
      ) {
        // `data:`, what most lines are. When its blank line is here too, the value skips the buffer.
        const value = source.charCodeAt(from + 5) === SPACE ? from + 6 : from + 5
        const after = source.charCodeAt(next)
        if (after === LF || after === CR) {
          next++
          if (after === CR && source.charCodeAt(next) === LF) next++
          start = next
          const whole = data ? data + source.slice(value, end) : source.slice(value, end)
          if (whole.length >= room) tooLarge()
          dispatch(whole)
          if (ended) return
        } else {
          data += end === lf ? source.slice(value, end + 1) : source.slice(value, end) + '\n'
          if (data.length > room) tooLarge()
        }
      } else if (code === I && source.charCodeAt(from + 1) === D && source.charCodeAt(from + 2) === COLON) {
        // "If the field value does not contain U+0000 NULL, then set the last event ID buffer to the field value."
        if (nul < from && (nul = source.indexOf('\0', from)) < 0) nul = length
        if (nul >= end) setId(source.slice(source.charCodeAt(from + 3) === SPACE ? from + 4 : from + 3, end))
      } else if (
        code === E &&
        source.charCodeAt(from + 1) === 118 &&
        source.charCodeAt(from + 2) === E &&
        source.charCodeAt(from + 3) === 110 &&
        source.charCodeAt(from + 4) === 116 &&
        source.charCodeAt(from + 5) === COLON
      ) {
        setType(source.slice(source.charCodeAt(from + 6) === SPACE ? from + 7 : from + 6, end))
      } else if (code !== COLON || onComment) {
        start = next
        readLine(source, from, end)
        if (ended) return
      }
      from = next
    }
  }

  /** Reads the line of `source` that ends at `end`, where its CR or LF stands. */
  function readLine(source: string, from: number, end: number): void {
    const code = source.charCodeAt(from)
    const name = code === COLON ? '' : code === D ? 'data' : code === E ? 'event' : code === I ? 'id' : 'retry'
    if (!source.startsWith(name, from)) return
    let at = from + name.length
    if (at < end) {
      if (source.charCodeAt(at) !== COLON) return
      // "If value starts with a U+0020 SPACE character, remove it from value."
      if (source.charCodeAt(++at) === SPACE) at++
    }
    const value = source.slice(at, end)
    // "If the line starts with a U+003A COLON character (:), ignore the line."
    if (!name) return onComment?.(value)

    if (code === D) {
      // Sliced with its line end where that is an LF: what `+` makes would be copied once more.
      data += source.charCodeAt(end) === LF ? source.slice(at, end + 1) : value + '\n'
      if (data.length > room) tooLarge()
    } else if (code === E) setType(value)
    else if (code === I) {
      if (!value.includes('\0')) setId(value)
    } else if (/^\d+$/.test(value)) {
      // "If the field value consists of only ASCII digits, then interpret the field value as an integer in base ten."
      onRetry?.(Math.min(Number(value), 2 ** 53 - 1))
    }
  }

  function setType(value: string): void {
    type = value
    measure()
  }

  function setId(value: string): void {
    id = value
    measure()
  }

  function measure(): void {
    room = maxEventSize + 1 - type.length - (id ?? '').length
    if ((data.length || 1) > room) tooLarge()
  }

  function dispatch(whole: string | undefined): void {
    // "Set the last event ID string of the event source to the value of the last event ID buffer."
    if (id !== undefined) lastEventId = id
    let eventType = 'message'
    if (type || id !== undefined) {
      if (type) eventType = type
      type = ''
      id = undefined
      room = maxEventSize + 1
    }
    if (data) data = ''
    // "If the data buffer is an empty string, set the data buffer and the event type buffer to the empty string and
    // return."
    if (whole !== undefined) onEvent({ type: eventType, data: whole, lastEventId })
  }

  function tooLarge(): never {
    parser.end()
    throw new SSEError(
      'too-large',
      `An event is larger than maxEventSize (${maxEventSize}). Raise it, or send smaller events`,
    )
  }

  const parser: Parser = {
    feed(bytes) {
      // Not `instanceof`: bytes may come from another realm.
      if (bytes?.BYTES_PER_ELEMENT !== 1) {
        throw new TypeError('feed takes a Uint8Array: for text, new TextEncoder().encode(text)')
      }
      if (ended) return
      decoder.decode(bytes, skip(bytes), unfinished.length)
      // A character has a byte or more, so no line that is too long is among the bytes that wait.
      if (unfinished.length + decoder.waiting() > longestLine) decoder.release()
      if (reading || !unread) return
      reading = true
      try {
        read()
        while (queue.length > 0) {
          begin(queue.shift() ?? '')
          read()
        }
      } finally {
        reading = false
      }
    },
    end() {
      ended = true
      queue.length = 0
      text = unfinished = data = type = ''
    },
    get lastEventId() {
      return lastEventId
    },
  }
  return parser
}
