import { createParser as createPeer } from 'eventsource-parser'
import type { Parameters } from 'fast-check'
import { assert, nat, property } from 'fast-check'
import { expect, it } from 'vitest'
import { across, chunked, streams } from './arbitraries.js'
import type { Recording } from './parse.js'
import { parse } from './parse.js'
import type { Reading } from './reference.js'
import { readEventStream } from './reference.js'

const seed = 20_260_613
const settings = (numRuns: number): Parameters<unknown> => ({ seed, numRuns })

console.info(`Properties of the parser: fast-check seed ${seed}`)

/** As text, for `toEqual` is slow. */
const readingOf = ({ events, retries, comments, lastEventId, tooLarge }: Reading | Recording): string =>
  JSON.stringify({ events, retries, comments, lastEventId, tooLarge })
const logOf = ({ log }: Recording): string => JSON.stringify(log)

it('reads any bytes in any chunks as the standard, read literally, does', { timeout: 120_000 }, () => {
  let events = 0
  assert(
    property(chunked(streams({ invalid: true })), ({ bytes, chunks }) => {
      const recording = parse(chunks)
      expect(readingOf(recording)).toBe(readingOf(readEventStream(bytes)))
      events += recording.events.length
    }),
    settings(70_000),
  )
  expect(events).toBeGreaterThan(70_000)
})

it('tells events, retries and comments in one order, however the bytes are cut', { timeout: 120_000 }, () => {
  assert(
    property(chunked(streams({ invalid: true })), ({ bytes, chunks }) => {
      expect(logOf(parse(chunks))).toBe(logOf(parse([bytes])))
    }),
    settings(15_000),
  )
})

it.each([1024, 8192, 16_384])('reads across byte %i as anywhere', { timeout: 120_000 }, (place) => {
  assert(
    property(chunked(across(place, streams({ invalid: true }, 20))), ({ bytes, chunks }) => {
      const recording = parse(chunks)
      expect(readingOf(recording)).toBe(readingOf(readEventStream(bytes)))
      expect(logOf(recording)).toBe(logOf(parse([bytes])))
    }),
    settings(1_000),
  )
})

it('holds one limit, however the bytes are cut', { timeout: 120_000 }, () => {
  let tooLarge = 0
  assert(
    property(chunked(streams({ invalid: true })), nat({ max: 60 }), ({ bytes, chunks }, maxEventSize) => {
      const recording = parse(chunks, { maxEventSize })
      expect(readingOf(recording)).toBe(readingOf(readEventStream(bytes, maxEventSize)))
      if (recording.tooLarge) tooLarge++
    }),
    settings(15_000),
  )
  expect(tooLarge).toBeGreaterThan(3_000)
})

// It takes strings, so the streams here are valid UTF-8, and it tells each id once, so that the sticky one is kept for
// it. It also strips the three characters of a BOM read as Latin-1, which the alphabet lacks: the standard does not.
it('agrees with eventsource-parser', { timeout: 120_000 }, () => {
  let events = 0
  assert(
    property(chunked(streams({ invalid: false })), ({ chunks }) => {
      const peer: Reading = { events: [], retries: [], comments: [], lastEventId: '', tooLarge: false }
      const parser = createPeer({
        onEvent: ({ event = 'message', data }) => void peer.events.push({ type: event, data, lastEventId: peer.lastEventId }),
        onId: (id) => void (peer.lastEventId = id),
        onRetry: (ms) => void peer.retries.push(ms),
        onComment: (comment) => void peer.comments.push(comment),
      })
      const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
      for (const chunk of chunks) parser.feed(decoder.decode(chunk, { stream: true }))
      const recording = parse(chunks)
      expect(readingOf(recording)).toBe(readingOf(peer))
      events += recording.events.length
    }),
    settings(20_000),
  )
  expect(events).toBeGreaterThan(20_000)
})
