/** One kind of stream to measure: what a server sends, cut as a network cuts it. */
export interface BenchStream {
  readonly name: string
  readonly chunks: readonly Uint8Array[]
  readonly bytes: number
  /** Passed to parsers that have a limit, where the default is too small. */
  readonly maxEventSize?: number
  /** Ends a row where a peer's result is, knowingly, not the standard's. */
  readonly note?: string
}

const encoder = new TextEncoder()

function cut(bytes: Uint8Array, size: number): Uint8Array[] {
  const chunks: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.slice(at, at + size))
  return chunks
}

function each(count: number, block: (index: number) => string): Uint8Array[] {
  return Array.from({ length: count }, (_, index) => encoder.encode(block(index)))
}

function joined(count: number, block: (index: number) => string, size: number): Uint8Array[] {
  return cut(encoder.encode(Array.from({ length: count }, (_, index) => block(index)).join('')), size)
}

function stream(name: string, chunks: Uint8Array[], more: { maxEventSize?: number; note?: string } = {}): BenchStream {
  return { name, chunks, bytes: chunks.reduce((sum, chunk) => sum + chunk.length, 0), ...more }
}

const words = 'the quick brown fox jumps over the lazy dog and then some more tokens of text'.split(' ')
const word = (index: number): string => words[index % words.length] ?? ''

const token = (index: number): string =>
  `data: {"id":"chatcmpl-8f3a","object":"chat.completion.chunk","created":1700000000,"choices":[{"index":0,"delta":{"content":"${word(index)} "},"finish_reason":null}]}\n\n`
const shortToken = (index: number): string => `data: {"t":"${word(index)} "}\n\n`
const metrics = (end: string) => (index: number): string =>
  [`id: ${1_700_000_000_000 + index}`, 'event: metrics', `data: {"cpu":${(index * 7) % 100},"memory":${(index * 13) % 4096},"delay":${index % 17}}`, '', ''].join(end)
const heartbeat = (index: number): string => (index % 50 ? ': heartbeat\n\n' : `data: ${word(index)}\n\n`)
const report = (index: number): string =>
  `event: log\n${Array.from({ length: 20 }, (_, line) => `data: ${index} ${line} ${word(line)} ${word(index)} something happened here\n`).join('')}\n`
const nonASCII = (index: number): string => `data: {"text":"Zażółć gęślą jaźń ${index} 日本語のテキスト 🙂🚀 ${word(index)}"}\n\n`

const SKIPS = 'fetch-event-source reports every comment block as an empty message; those are not counted'

/** The rows of the table. */
export const streams: readonly BenchStream[] = [
  stream('LLM tokens, an event a chunk', each(8_000, token)),
  stream('short tokens, an event a chunk', each(16_000, shortToken)),
  stream('LLM tokens, 64 KiB chunks', joined(8_000, token, 65_536)),
  stream('short tokens, 64 KiB chunks', joined(32_000, shortToken, 65_536)),
  stream('dashboard, an event a chunk', each(8_000, metrics('\n'))),
  stream('dashboard, 64 KiB chunks', joined(16_000, metrics('\n'), 65_536)),
  stream('heartbeats, one a chunk', each(16_000, heartbeat), { note: SKIPS }),
  stream('heartbeats, 64 KiB chunks', joined(64_000, heartbeat, 65_536), { note: SKIPS }),
  stream('CRLF dashboard, 64 KiB chunks', joined(16_000, metrics('\r\n'), 65_536)),
  stream('20 data lines, an event a chunk', each(1_000, report)),
  stream('20 data lines, 64 KiB chunks', joined(1_000, report, 65_536)),
  stream('non-ASCII, 64 KiB chunks that cut code points', joined(8_000, nonASCII, 65_536 - 5)),
  stream('non-ASCII, 100-byte chunks that cut code points', joined(4_000, nonASCII, 100)),
  stream('one line of 8 MiB, 64 KiB chunks', cut(encoder.encode(`data: ${'0123456789abcdef'.repeat(524_288)}\n\n`), 65_536), {
    maxEventSize: 16 * 1024 * 1024,
  }),
  stream('short tokens, 1-byte chunks', joined(2_000, shortToken, 1)),
  stream('LLM tokens, 1-byte chunks', joined(400, token, 1)),
]
