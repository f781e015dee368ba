import { SSEError } from './errors.js'
import type { RawEvent } from './event.js'

/** What {@link createParser} takes. */
export interface ParserOptions {
  /** Called for every event, in order, as soon as the blank line that ends it has arrived. */
  onEvent(event: RawEvent): void
  /** Called with the reconnection time, in ms, when a `retry` line ends. */
  onRetry?: ((ms: number) => void) | undefined
  /** Called with the text of a comment line: after the colon, and after one space if there is one. */
  onComment?: ((comment: string) => void) | undefined
  /**
   * The most that one event's data, type and id may measure together, in UTF-16 code units.
   * A line of any kind may measure 7 more.
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
   * Reads the next bytes of the stream, cut anywhere; calls the handlers before it returns.
   *
   * What a handler throws is thrown from here at once: the rest of the bytes is kept, and comes first in the
   * next `feed`. Called from a handler, it queues the bytes behind those being read.
   *
   * @throws {@link SSEError} `too-large` when an event passes `maxEventSize`; the parser has then ended.
   * @throws TypeError when `bytes` is no `Uint8Array`.
   */
  feed(bytes: Uint8Array): void
  /** Ends the stream: what is unread, and a block without its blank line, is discarded. `feed` does nothing after. */
  readonly end: () => void
  /** The last event ID as of the last block that ended; also after `end()`. */
  readonly lastEventId: string
}

const LF = 10
const CR = 13
const SPACE = 32
const COLON = 58
const D = 100

/** `event: ` and `retry: `: what the longest name adds to a line. */
const PREFIX = 7
/** Chunks smaller than this wait as bytes for a line end: decoding costs by the call. */
const SMALL = 64
/** How many bytes may wait. */
const HELD = 1024
/** Bytes decoded at once. A slice keeps the string alive that it was cut from: this bounds what a short one costs. */
const PIECE = 8192

/**
 * Makes a parser of event streams: bytes in, events out, as WHATWG HTML §9.2.6 says. However the bytes are cut, the
 * events are the same, and the cost is linear.
 *
 * @throws TypeError without `onEvent`, or with a `maxEventSize` that is no size.
 */
export function createParser(options: ParserOptions): Parser {
  const { maxEventSize = 4_194_304 } = options
  let { lastEventId = '' } = options
  if (typeof options.onEvent !== 'function') throw new TypeError('onEvent is missing: createParser({ onEvent })')
  if (!(maxEventSize >= 0)) throw new TypeError('maxEventSize must be a number of UTF-16 code units')
  const longestLine = maxEventSize + PREFIX

  // The BOM is stripped here: every call that is not streaming would strip another.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let atBeginning = true
  let sequenceOpen = false
  const held = new Uint8Array(HELD)
  let heldLength = 0

  /** What is being read, as long as `unread`; then comes `queue`. */
  let text = ''
  let unread = false
  const queue: string[] = []
  let reading = false
  let ended = false

  /** Where the next line starts in `text`, and the next line end of each kind: the length where there is none. */
  let start = 0
  let lf = 0
  let cr = 0
  /** The text before ended in a CR: an LF that comes first belongs to it. */
  let afterCR = false
  /** A line whose end has not arrived. */
  let unfinished = ''

  // "When a stream is parsed, a data buffer, an event type buffer, and a last event ID buffer must be associated with
  // it." The last is `undefined` while the block has no id, so that a block's size is its own.
  let data = ''
  let type = ''
  let id: string | undefined

  function accept(bytes: Uint8Array): void {
    const { length } = bytes
    let waits = length < SMALL && !unread
    for (let i = 0; waits && i < length; i++) waits = bytes[i] !== LF && bytes[i] !== CR
    if (waits || (heldLength && length < SMALL)) {
      if (heldLength + length > HELD) release()
      for (let i = 0; i < length; i++) held[heldLength++] = bytes[i] ?? 0
      // A character has a byte or more, so no line that is too long is among those that wait.
      if (!waits || unfinished.length + heldLength > longestLine) release()
    } else {
      release()
      for (let at = 0; at < length; at += PIECE) decode(length > PIECE ? bytes.subarray(at, at + PIECE) : bytes)
    }
  }

  function release(): void {
    if (heldLength) decode(held.subarray(0, heldLength))
    heldLength = 0
  }

  function decode(bytes: Uint8Array): void {
    // Between two ends in ASCII no sequence is open: a call that is not streaming means the same, and is faster.
    const streaming = sequenceOpen
    sequenceOpen = (bytes[bytes.length - 1] ?? 0) > 127
    let decoded = streaming || sequenceOpen ? decoder.decode(bytes, { stream: true }) : decoder.decode(bytes)
    if (!decoded) return
    // "The UTF-8 decode algorithm strips one leading UTF-8 Byte Order Mark (BOM), if any."
    if (atBeginning && decoded.charCodeAt(0) === 0xfeff) decoded = decoded.slice(1)
    atBeginning = false
    if (unread) queue.push(decoded)
    else begin(decoded)
  }

  function begin(next: string): void {
    text = next
    start = afterCR && next.charCodeAt(0) === LF ? 1 : 0
    lf = cr = -1
    afterCR = false
    unread = true
  }

  /** Reads `text`. A handler may throw, end or feed: whatever outlives the call is up to date when one is called. */
  function read(): void {
    const source = text
    const { length } = source
    while (!ended) {
      if (lf < start && (lf = source.indexOf('\n', start)) < 0) lf = length
      if (cr < start && (cr = source.indexOf('\r', start)) < 0) cr = length
      let line = source
      let from = start
      let end = lf < cr ? lf : cr
      if (end - from + unfinished.length > longestLine) tooLarge()
      if (end === length) {
        unfinished += source.slice(from)
        afterCR = source.charCodeAt(length - 1) === CR
        unread = false
        text = ''
        return
      }
      start = next(source, end)
      if (unfinished) {
        // Joined and not added: what `+` makes is slower to read, even after it was flattened.
        line = [unfinished, source.slice(from, start)].join('')
        end += unfinished.length - from
        from = 0
        unfinished = ''
      }

      const code = line.charCodeAt(from)
      if (from === end) dispatch(data ? data.slice(0, -1) : undefined)
      else if (code === COLON) {
        // "If the line starts with a U+003A COLON character (:), ignore the line."
        options.onComment?.(line.slice(line.charCodeAt(from + 1) === SPACE ? from + 2 : from + 1, end))
      } else {
        const name = code === D ? 'data' : code === 101 ? 'event' : code === 105 ? 'id' : code === 114 ? 'retry' : ''
        if (code === D ? line.charCodeAt(from + 1) !== 97 || line.charCodeAt(from + 2) !== 116 || line.charCodeAt(from + 3) !== 97 : !name || !line.startsWith(name, from)) continue
        // "If value starts with a U+0020 SPACE character, remove it from value."
        let at = from + name.length
        if (at < end) {
          if (line.charCodeAt(at) !== COLON) continue
          if (line.charCodeAt(++at) === SPACE) at++
        }
        if (code === D) {
          const after = source.charCodeAt(start)
          if (after === LF || after === CR) {
            // The blank line is here too: the value need not go through the buffer.
            start = next(source, start)
            const value = data ? data + line.slice(at, end) : line.slice(at, end)
            if (value.length + type.length + (id ?? '').length > maxEventSize) tooLarge()
            dispatch(value)
            continue
          }
          data += line.charCodeAt(end) === LF ? line.slice(at, end + 1) : line.slice(at, end) + '\n'
        } else {
          const value = line.slice(at, end)
          if (name === 'event') type = value
          else if (name === 'id') {
            // "If the field value does not contain U+0000 NULL, then set the last event ID buffer to the field value."
            if (!value.includes('\0')) id = value
          } else if (/^\d+$/.test(value)) {
            // "If the field value consists of only ASCII digits, then interpret the field value as an integer in base ten."
            options.onRetry?.(Math.min(Number(value), Number.MAX_SAFE_INTEGER))
          }
        }
        if (data.length - (data ? 1 : 0) + type.length + (id ?? '').length > maxEventSize) tooLarge()
      }
    }
  }

  function dispatch(value: string | undefined): void {
    const eventType = type || 'message'
    // "Set the last event ID string of the event source to the value of the last event ID buffer."
    if (id !== undefined) lastEventId = id
    data = type = ''
    id = undefined
    // "If the data buffer is an empty string, set the data buffer and the event type buffer to the empty string and return."
    if (value !== undefined) options.onEvent({ type: eventType, data: value, lastEventId })
  }

  function tooLarge(): never {
    parser.end()
    throw new SSEError(
      'too-large',
      `An event is larger than maxEventSize (${maxEventSize} UTF-16 code units). Raise maxEventSize, or send less in one event.`,
    )
  }

  const parser: Parser = {
    feed(bytes) {
      if (bytes?.[Symbol.toStringTag] !== 'Uint8Array') {
        throw new TypeError('feed takes a Uint8Array. A string goes in as new TextEncoder().encode(string)')
      }
      if (ended) return
      accept(bytes)
      if (reading || !unread) return
      reading = true
      try {
        read()
        for (let following; !ended && (following = queue.shift()) !== undefined; read()) begin(following)
      } finally {
        reading = false
      }
    },
    end() {
      ended = true
      queue.length = heldLength = 0
      text = unfinished = data = type = ''
      id = undefined
    },
    get lastEventId() {
      return lastEventId
    },
  }
  return parser
}

/** Where the line after `end` starts: CRLF is one line end. */
function next(source: string, end: number): number {
  return source.charCodeAt(end) === CR && source.charCodeAt(end + 1) === LF ? end + 2 : end + 1
}
