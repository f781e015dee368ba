import { getLines, getMessages } from '@microsoft/fetch-event-source/lib/cjs/parse.js'
import { createParser as createPeer } from 'eventsource-parser'
import { createParser } from '../src/protocol/parser.js'
import type { BenchStream } from './streams.js'

/** What a contender found: enough to compare, cheap enough to time. */
export interface Tally {
  events: number
  characters: number
  lastEventId: string
}

/** One way from bytes to events. */
export interface Contender {
  readonly name: string
  /** `false` for what only decodes. */
  readonly parses: boolean
  run(stream: BenchStream, seen?: (type: string, data: string) => void): Tally
}

const empty = (): Tally => ({ events: 0, characters: 0, lastEventId: '' })

/** Ours first. */
export const contenders: readonly Contender[] = [
  {
    name: 'eventwire',
    parses: true,
    run({ chunks, maxEventSize }, seen) {
      const tally = empty()
      const parser = createParser({
        maxEventSize,
        onEvent({ type, data }) {
          tally.events++
          tally.characters += data.length
          seen?.(type, data)
        },
      })
      for (const chunk of chunks) parser.feed(chunk)
      tally.lastEventId = parser.lastEventId
      parser.end()
      return tally
    },
  },
  {
    name: 'eventsource-parser',
    parses: true,
    run({ chunks }, seen) {
      const tally = empty()
      const decoder = new TextDecoder()
      const parser = createPeer({
        onId: (id) => void (tally.lastEventId = id),
        onEvent({ event = 'message', data }) {
          tally.events++
          tally.characters += data.length
          seen?.(event, data)
        },
      })
      for (const chunk of chunks) parser.feed(decoder.decode(chunk, { stream: true }))
      return tally
    },
  },
  {
    name: 'fetch-event-source',
    parses: true,
    run({ chunks }, seen) {
      const tally = empty()
      const parse = getLines(
        getMessages(
          (id) => void (tally.lastEventId = id),
          () => undefined,
          ({ event, data }) => {
            if (!data) return
            tally.events++
            tally.characters += data.length
            seen?.(event || 'message', data)
          },
        ),
      )
      for (const chunk of chunks) parse(chunk)
      return tally
    },
  },
  {
    name: 'TextDecoder alone',
    parses: false,
    run({ chunks }) {
      const tally = empty()
      const decoder = new TextDecoder()
      for (const chunk of chunks) tally.characters += decoder.decode(chunk, { stream: true }).length
      return tally
    },
  },
]
