import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { fetchEventSourceTransport } from 'eventwire/fetch-event-source'
import { expect, it } from 'vitest'
import { event, proves, stream } from '../conformance/case.js'
import { cases } from '../conformance/cases.js'
import { cutAt } from '../conformance/parse.js'
import type { TransportReading } from './read-chunks.js'
import { readChunks } from './read-chunks.js'

const PAGE = new URL('../../docs/fetch-event-source.md', import.meta.url)
const HEAD = '| stream | by the standard | by the library |\n| --- | --- | --- |\n'

/** What the library does to times shows only in blocks that end. */
const times = proves(
  'If the field value consists of only ASCII digits, then interpret it as an integer in base ten.',
  stream('a unit', 'retry: 10s\ndata: a\n\n', [event('a')]),
  stream('an exponent', 'retry: 1e3\ndata: a\n\n', [event('a')]),
  stream('a fraction', 'retry: 1.5\ndata: a\n\n', [event('a')]),
)

/** A reading as one cell: types, data and ids as they came, times and a last event ID that no event has. */
function cell({ events, retries, lastEventId }: TransportReading): string {
  const id = (of: string) => (of ? ` #${of}` : '')
  const seen = [
    ...events.map((one) => `${one.type === 'message' ? '' : `${one.type} `}${JSON.stringify(one.data)}${id(one.lastEventId)}`),
    ...retries.map((ms) => `retry ${ms}`),
    ...(lastEventId === (events.at(-1)?.lastEventId ?? '') ? [] : [`then${id(lastEventId) || ' no id'}`]),
  ]
  return seen.length > 0 ? code(seen.join(', ')) : 'nothing'
}

function code(text: string): string {
  // What would not show, and what would end the cell.
  const escape = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  const shown = text.replace(/[^ -~]|\|/g, escape)
  return `\`${shown}\``
}

it('docs/fetch-event-source.md lists every case that the library reads otherwise', async () => {
  const rows = new Map<string, string>()
  for (const one of [...cases, ...times]) {
    const reading = await readChunks(fetchEventSourceTransport, [one.bytes])
    const text = JSON.stringify(new TextDecoder('utf-8', { ignoreBOM: true }).decode(one.bytes)).slice(1, -1)
    if (cell(reading) === cell(one)) continue
    rows.set(text, `| ${code(text)} | ${cell(one)} | ${cell(reading)} |\n`)
    for (let split = 0; split <= one.bytes.length; split++) {
      const cut = await readChunks(fetchEventSourceTransport, cutAt(one.bytes, [split]))
      expect(cut, `${one.name}, split at ${split}`).toEqual(reading)
    }
  }
  const page = await readFile(PAGE, 'utf8')
  expect(page).toContain(HEAD)
  const table = HEAD + [...rows.values()].join('')
  const told = page.replace(/(^\|.*\n)+/m, table)
  await expect(told, 'if meant: npx vitest run --project unit test/transports/departures.test.ts -u').toMatchFileSnapshot(fileURLToPath(PAGE))
})
