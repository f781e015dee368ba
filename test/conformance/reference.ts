/** What a stream means. */
export interface Reading {
  readonly events: { readonly type: string; readonly data: string; readonly lastEventId: string }[]
  readonly retries: number[]
  readonly comments: string[]
  lastEventId: string
  /** Whether the reading stopped at what is too large. */
  tooLarge: boolean
}

/**
 * WHATWG HTML §9.2.6, read literally and all at once: slow, plain, and with nothing in common with the parser. The
 * sentences are the standard's; the limit, which is not, is that of `maxEventSize`.
 */
export function readEventStream(bytes: Uint8Array, maxEventSize = Infinity): Reading {
  const reading: Reading = { events: [], retries: [], comments: [], lastEventId: '', tooLarge: false }
  // "Streams must be decoded using the UTF-8 decode algorithm", which "strips one leading UTF-8 Byte Order Mark". A
  // sequence that the end cuts is pending data.
  const lines = new TextDecoder().decode(bytes, { stream: true }).split(/\r\n|\n|\r/)
  // "Once the end of the file is reached, any pending data must be discarded": what follows the last line end.
  const pending = lines.pop() ?? ''

  let dataBuffer = ''
  let eventTypeBuffer = ''
  let lastEventIdBuffer = ''
  let idOfBlock = ''

  const processField = (name: string, value: string): void => {
    if (name === 'event') eventTypeBuffer = value
    else if (name === 'data') dataBuffer = `${dataBuffer}${value}\n`
    else if (name === 'id') {
      if (!value.includes('\0')) idOfBlock = lastEventIdBuffer = value
    } else if (name === 'retry' && /^[0-9]+$/.test(value)) {
      // An integer in base ten; past what a number counts exactly, the largest that one does.
      reading.retries.push(Math.min(Number.parseInt(value, 10), Number.MAX_SAFE_INTEGER))
    }
  }

  const dispatchEvent = (): void => {
    reading.lastEventId = lastEventIdBuffer
    if (dataBuffer !== '') {
      const data = dataBuffer.endsWith('\n') ? dataBuffer.slice(0, -1) : dataBuffer
      const type = eventTypeBuffer === '' ? 'message' : eventTypeBuffer
      reading.events.push({ type, data, lastEventId: reading.lastEventId })
    }
    dataBuffer = ''
    eventTypeBuffer = ''
    idOfBlock = ''
  }

  const dataSize = (): number => dataBuffer.replace(/\n$/, '').length
  const tooLong = (line: string): boolean => line.length > maxEventSize + 'event: '.length
  for (const line of lines) {
    if (tooLong(line)) return { ...reading, tooLarge: true }
    const [field = '', ...parts] = line.split(':')
    const value = parts.join(':')
    if (line === '') {
      if (dataSize() + eventTypeBuffer.length + idOfBlock.length > maxEventSize) return { ...reading, tooLarge: true }
      dispatchEvent()
    } else if (line.startsWith(':')) reading.comments.push(withoutSpace(value))
    else processField(field, withoutSpace(value))
    if (dataSize() > maxEventSize) return { ...reading, tooLarge: true }
  }
  return { ...reading, tooLarge: tooLong(pending) }
}

/** "If value starts with a U+0020 SPACE character, remove it from value." */
function withoutSpace(value: string): string {
  return value.startsWith(' ') ? value.slice(1) : value
}
