import { createClient, createParser, fetchTransport } from 'eventwire/core'

/** What an event costs on its way, by who carries it, in µs: medians of interleaved rounds. */
export interface EventPathRow {
  readonly what: string
  readonly microseconds: number
  readonly spread: number
}

declare global {
  /** Where `run.ts` finds it once its bundle has been loaded. */
  var eventwirePath: ((rounds: number) => Promise<EventPathRow[]>) | undefined
}

const EVENTS = 100_000
const CHUNK = 65_536

const stream = new TextEncoder().encode(
  Array.from({ length: EVENTS }, (_, id) => `id: ${id}\ndata: {"cpu":${id % 100},"host":"a","at":${id}}\n\n`).join(''),
)
const chunks = Array.from({ length: Math.ceil(stream.length / CHUNK) }, (_, index) => stream.subarray(index * CHUNK, (index + 1) * CHUNK))

let sum = 0
const take = (data: unknown) => {
  // A seam: this bench's own data.
  sum += (data as { cpu: number }).cpu
}

/** What an app without a library would write, and no more than that. */
function bare(): void {
  const decoder = new TextDecoder()
  let rest = ''
  for (const chunk of chunks) {
    const text = rest + decoder.decode(chunk, { stream: true })
    let from = 0
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n', from)) {
      take(JSON.parse(text.slice(text.indexOf('data: ', from) + 6, end)))
      from = end + 2
    }
    rest = text.slice(from)
  }
}

function parsed(read: (data: string) => void): void {
  const parser = createParser({ onEvent: ({ data }) => read(data) })
  for (const chunk of chunks) parser.feed(chunk)
}

function whole(decode: 'json' | 'text'): Promise<void> {
  const body = () => {
    const left = [...chunks]
    return new ReadableStream<Uint8Array>({
      pull(controller) {
        const chunk = left.shift()
        if (chunk) controller.enqueue(chunk)
        else controller.close()
      },
    })
  }
  const answer = async () => new Response(body(), { headers: { 'Content-Type': 'text/event-stream' } })
  const client = createClient({ transport: fetchTransport({ fetch: answer }) })
  return new Promise((resolve) => {
    client.subscribe('http://bench.test/', {
      live: false,
      decode,
      onMessage: decode === 'json' ? take : () => void sum++,
      onClose: () => resolve(),
    })
  })
}

const CONTENDERS: readonly (readonly [what: string, run: () => void | Promise<void>])[] = [
  ['a bare loop: indexOf, JSON.parse', bare],
  ['our parser', () => parsed(() => void sum++)],
  ['our parser, JSON.parse', () => parsed((data) => take(JSON.parse(data)))],
  ['all of eventwire, as text', () => whole('text')],
  ['all of eventwire, as JSON', () => whole('json')],
]

globalThis.eventwirePath = async (rounds) => {
  const times = new Map<string, number[]>(CONTENDERS.map(([what]) => [what, []]))
  for (let round = 0; round < rounds + 2; round++)
    for (const [what, run] of CONTENDERS) {
      const began = performance.now()
      await run()
      // The first two warm up.
      if (round > 1) times.get(what)?.push(((performance.now() - began) * 1_000) / EVENTS)
    }
  return [...times].map(([what, all]) => {
    const sorted = [...all].sort((a, b) => a - b)
    const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? 0
    return { what, microseconds: at(0.5), spread: (100 * (at(0.75) - at(0.25))) / 2 / at(0.5) }
  })
}
