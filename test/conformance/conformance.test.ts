import { describe, expect, it } from 'vitest'
import { cases } from './cases.js'
import { chunksOf, cutAt, parse, withEmpty } from './parse.js'
import { readEventStream } from './reference.js'

it('names each case once', () => {
  const names = cases.map((one) => one.name)
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  expect(cases.length).toBeGreaterThan(200)
})

for (const sentence of new Set(cases.map((one) => one.proves))) {
  describe(sentence, () => {
    it.each(cases.filter((one) => one.proves === sentence))('$name', ({ bytes, events, retries, comments, lastEventId }) => {
      const expected = { events, retries, comments, lastEventId, tooLarge: false }
      const whole = parse([bytes])
      expect(whole).toMatchObject(expected)
      expect(readEventStream(bytes)).toEqual(expected)

      for (let split = 0; split <= bytes.length; split++) {
        expect(parse(cutAt(bytes, [split])), `split at ${split}`).toEqual(whole)
      }
      for (const size of [1, 2, 3]) {
        expect(parse(chunksOf(bytes, size)), `chunks of ${size}`).toEqual(whole)
        expect(parse(withEmpty(chunksOf(bytes, size))), `chunks of ${size} with empty ones between`).toEqual(whole)
      }
    })
  })
}
