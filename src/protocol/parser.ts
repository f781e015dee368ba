import { A, COLON, CR, D, E, find, I, LF, N, SPACE, T, V } from './ascii.js'
import { commentsEnd } from './comments.js'
import { SSEError } from './errors.js'
import { mayBeOfEvent, PINNED, PREFIX, valueStart } from './field.js'
import { createUTF8Decoder, EMPTY } from './utf8-decoder.js'
import type { Parser, ParserOptions } from './parser-interface.js'
import { TextQueue } from './text-queue.js'

// Longer than a screen: one loop over bytes and one over characters share its variables, and each call or object between
// them costs what an event may.
/**
 * Makes a parser of event streams: bytes in, events out, as WHATWG HTML §9.2.6 says. However the bytes are cut, the
 * events are the same, and the cost is linear.
 *
 * @throws TypeError without `onEvent`, or with a `maxEventSize` that is no size.
 *
 * @example
 * ```tsx
 * import { createParser } from 'eventwire/core'
 *
 * const parser = createParser({ onEvent: ({ type, data, lastEventId }) => console.log(type, data, lastEventId) })
 * parser.feed(new TextEncoder().encode('id: 1\nevent: tick\ndata: {"count":1}\n\n'))
 * parser.end()
 * ```
 */
export function createParser(options: ParserOptions): Parser {
  const { onEvent, onRetry, onComment, maxEventSize = 4_194_304 } = options
  let { lastEventId = '' } = options
  if (!onEvent || !(maxEventSize >= 0)) throw new TypeError('createParser needs onEvent, and maxEventSize 0 or more')
  const longestLine = maxEventSize + PREFIX
  const decoder = createUTF8Decoder(take)

  /** What is being read, from `start` on, and what comes after it. */
  const queue = new TextQueue()
  /** Whether there is any: asked for every chunk. */
  let waits = false
  let start = 0
  /** The next of each in the text, once looked for. */
  let nextCR = -1
  let nextNUL = -1
  let reading = false
  let ended = false

  /** The text before ended in a CR: an LF that comes first belongs to it. */
  let afterCR = false
  /** A line whose end has not arrived. */
  let unfinished: string[] = []
  let unfinishedLength = 0

  // "When a stream is parsed, a data buffer, an event type buffer, and a last event ID buffer must be associated with
  // it." The last is `undefined` while the block has no id: the block's size counts its own, not the sticky one.
  let data = ''
  /** The characters of the texts that `data` was cut from, and so keeps alive. */
  let pinned = 0
  let type = ''
  let id: string | undefined

  /** Where what matters begins: comments that nobody reads, and blank lines that end nothing, need no decoding. */
  function skip(bytes: Uint8Array): number {
    if (bytes[0] !== COLON || onComment || waits || decoder.waiting() || unfinishedLength || inBlock()) return 0
    const skipped = commentsEnd(bytes, longestLine)
    if (skipped) afterCR = false
    return skipped
  }

  function inBlock(): boolean {
    return !!(data || type) || id !== undefined
  }

  function take(decoded: string, bytes: Uint8Array): void {
    // While a handler runs, `feed` returns before this is read: by then the bytes may be others.
    queue.add(decoded, reading && waits ? EMPTY : bytes)
    waits = true
  }

  /** Joined, the data keeps alive no text that it was cut from. */
  function unpin(): void {
    pinned += queue.text.length
    if (pinned > PINNED && pinned > 4 * data.length) {
      data = data.slice(0, -1) + '\n'
      pinned = 0
    }
  }

  /** Goes on to the next text. */
  function advance(): void {
    if (data) unpin()
    else pinned = 0
    start = 0
    nextCR = nextNUL = -1
    waits = queue.next()
  }

  /** Reads the text. A handler may throw, end or feed: what outlives that is up to date when one is called. */
  function read(): void {
    const { text, source } = queue
    if (!start && afterCR && text.charCodeAt(0) === LF) start = 1
    if (unfinishedLength && !finish(text)) return
    // As many characters as bytes: each is ASCII, or stands for one byte that is no UTF-8.
    if (source.length === text.length && text.length <= maxEventSize) readASCII(text, source)
    else readText(text)
  }

  /** Reads the first line, which began in a text before. Tells whether there is more to read. */
  function finish(text: string): boolean {
    const end = Math.min(find(text, '\n', 0), find(text, '\r', 0))
    const whole = end < text.length
    unfinished.push(text.slice(0, end + 1))
    if ((unfinishedLength += end) > longestLine) tooLarge()
    if (!whole) return false
    // Joined and not added: what `+` makes is slower to read, even after it was flattened.
    const line = unfinished.join('')
    unfinished = []
    unfinishedLength = 0
    start = text.startsWith('\r\n', end) ? end + 2 : end + 1
    readLine(line, 0, line.length - 1)
    return !ended
  }

  /**
   * Reads lines that end in LF or CRLF, none of which can be too long, up to one that is not such. What tells lines
   * apart is read from the bytes: in a string each character costs three times as much.
   */
  function readASCII(characters: string, bytes: Uint8Array): void {
    let from = start
    if (nextCR < from) nextCR = find(characters, '\r', from)
    let cr = nextCR
    for (let lf = characters.indexOf('\n', from); lf >= 0; lf = characters.indexOf('\n', from)) {
      const line = from
      let end = lf
      if (cr < lf) {
        // A CR of its own is not for here.
        if (cr < lf - 1) break
        end = cr
        cr = nextCR = find(characters, '\r', lf)
      }
      from = lf + 1
      const code = bytes[line]
      if (code === D && bytes[line + 1] === A && bytes[line + 2] === T && bytes[line + 3] === A && bytes[line + 4] === COLON) {
        // What most lines are. When the blank line is here too, the value skips the buffer.
        const value = bytes[line + 5] === SPACE ? line + 6 : line + 5
        const after = bytes[from]
        if (after === LF || (after === CR && bytes[from + 1] === LF)) {
          from++
          if (after === CR) cr = nextCR = find(characters, '\r', ++from)
          start = from
          const whole = characters.slice(value, end)
          if (inBlock()) dispatch(data + whole)
          else onEvent({ type: 'message', data: whole, lastEventId })
          if (ended) return
        } else {
          append(end === lf ? characters.slice(value, from) : characters.slice(value, end) + '\n')
        }
      } else if (code === I && bytes[line + 1] === D && bytes[line + 2] === COLON) {
        // "If the field value does not contain U+0000 NULL, then set the last event ID buffer to the field value."
        if (nextNUL < line) nextNUL = find(characters, '\0', line)
        if (nextNUL > end) id = characters.slice(bytes[line + 3] === SPACE ? line + 4 : line + 3, end)
      } else if (
        code === E &&
        bytes[line + 1] === V &&
        bytes[line + 2] === E &&
        bytes[line + 3] === N &&
        bytes[line + 4] === T &&
        bytes[line + 5] === COLON
      ) {
        type = characters.slice(bytes[line + 6] === SPACE ? line + 7 : line + 6, end)
      } else if (line === end) {
        if (inBlock()) {
          start = from
          dispatch(data ? data.slice(0, -1) : undefined)
          if (ended) return
        }
      } else if (code !== COLON || onComment) {
        start = from
        readLine(characters, line, end)
        if (ended) return
      }
    }
    start = from
    if (from < characters.length) readText(characters)
    else afterCR = characters.charCodeAt(from - 1) === CR
  }

  /** Reads lines of any kind. */
  function readText(characters: string): void {
    const { length } = characters
    let from = start
    let lf = -1
    let cr = nextCR
    for (;;) {
      if (lf < from) lf = find(characters, '\n', from)
      if (cr < from) cr = nextCR = find(characters, '\r', from)
      const line = from
      const end = lf < cr ? lf : cr
      if (end - line > longestLine) tooLarge()
      if (end === length) {
        if (line < end) unfinished.push(characters.slice(line))
        unfinishedLength = end - line
        afterCR = characters.charCodeAt(length - 1) === CR
        return
      }
      from = end + 1
      if (end === cr && characters.charCodeAt(from) === LF) from++
      if (
        characters.charCodeAt(line) === D &&
        characters.charCodeAt(line + 1) === A &&
        characters.charCodeAt(line + 2) === T &&
        characters.charCodeAt(line + 3) === A &&
        characters.charCodeAt(line + 4) === COLON &&
        characters.charCodeAt(from) === LF
      ) {
        start = ++from
        const whole = characters.slice(characters.charCodeAt(line + 5) === SPACE ? line + 6 : line + 5, end)
        if (inBlock() || whole.length > maxEventSize) dispatch(data + whole)
        else onEvent({ type: 'message', data: whole, lastEventId })
      } else {
        start = from
        readLine(characters, line, end)
      }
      if (ended) return
    }
  }

  /** Reads the line of `characters` that ends at `end`, where its CR or LF stands. */
  function readLine(characters: string, line: number, end: number): void {
    // "If the line is empty (a blank line), dispatch the event." "If the data buffer's last character is a U+000A
    // LINE FEED (LF) character, then remove the last character from the data buffer."
    if (line === end) return dispatch(data ? data.slice(0, -1) : undefined)
    const code = characters.charCodeAt(line)
    const at = valueStart(characters, line, end)
    if (at < 0) return
    const value = characters.slice(at, end)
    // "If the line starts with a U+003A COLON character (:), ignore the line."
    if (code === COLON) onComment?.(value)
    // Sliced with its line end where that is an LF: what `+` makes would be copied once more.
    else if (code === D) append(characters.charCodeAt(end) === LF ? characters.slice(at, end + 1) : value + '\n')
    else if (code === E) type = value
    else if (code === I) {
      if (!value.includes('\0')) id = value
    } else if (/^\d+$/.test(value)) {
      // "If the field value consists of only ASCII digits, then interpret the field value as an integer in base ten."
      onRetry?.(Math.min(Number(value), 2 ** 53 - 1))
    }
  }

  /** Adds a value and its line end to the data buffer. */
  function append(value: string): void {
    data += value
    if (data.length > maxEventSize + 1) tooLarge()
  }

  /** A character has a byte or more, so no line that is too long is among the bytes that wait. */
  function tooMuchWaits(): boolean {
    return unfinishedLength + decoder.waiting() > longestLine && !ended
  }

  function dispatch(whole: string | undefined): void {
    if ((whole ? whole.length : 0) + type.length + (id ? id.length : 0) > maxEventSize) tooLarge()
    let eventType = 'message'
    if (inBlock()) {
      // "Set the last event ID string of the event source to the value of the last event ID buffer."
      if (id !== undefined) lastEventId = id
      if (type) eventType = type
      data = type = ''
      id = undefined
    }
    // "If the data buffer is an empty string, set the data buffer and the event type buffer to the empty string and
    // return."
    if (whole !== undefined) onEvent({ type: eventType, data: whole, lastEventId })
  }

  function tooLarge(): never {
    parser.end()
    throw new SSEError('too-large', `An event is larger than maxEventSize (${maxEventSize}): raise it, or send less`)
  }

  const parser: Parser = {
    feed(bytes) {
      // Of another realm it is no instance.
      if (!(bytes instanceof Uint8Array) && Object.prototype.toString.call(bytes) !== '[object Uint8Array]') {
        throw new TypeError('feed takes a Uint8Array: for text, new TextEncoder().encode(text)')
      }
      if (ended) return
      decoder.decode(bytes, skip(bytes), unfinishedLength)
      if (reading || (!waits && !tooMuchWaits())) return
      reading = true
      try {
        do {
          if (!waits) decoder.release()
          if (!waits) break
          read()
          advance()
        } while (waits || tooMuchWaits())
      } catch (error) {
        // By the next call the bytes may be others.
        queue.expire()
        throw error
      } finally {
        reading = false
      }
    },
    end() {
      // What waits for the end of its line is looked at, and ends nothing.
      if (!reading && !ended) decoder.release()
      const line = (unfinished.join('') + queue.text).replace(afterCR ? /^\n/ : '', '')
      const midEvent = inBlock() || mayBeOfEvent(line)
      ended = true
      queue.clear()
      waits = false
      unfinished = []
      data = type = ''
      id = undefined
      return midEvent
    },
    get lastEventId() {
      return lastEventId
    },
  }
  return parser
}
