import { createClient, fetchTransport } from 'eventwire/core'

/** One run through a burst: how late each posted task was, and when the last event came, in ms. */
export interface BurstRun {
  readonly who: string
  readonly delays: readonly number[]
  readonly totalMs: number
}

const EVENTS = 200_000
let last = 0
const take = (data: unknown) => {
  // A seam: this bench's own data.
  last = (data as { at: number }).at
}

/** What an app without a library would write, and no more than that. */
async function bare(): Promise<void> {
  const response = await fetch('/burst')
  const reader = response.body?.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  for (;;) {
    const chunk = await reader?.read()
    if (!chunk || chunk.done) return
    const text = rest + decoder.decode(chunk.value, { stream: true })
    let from = 0
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n', from)) {
      take(JSON.parse(text.slice(text.indexOf('data: ', from) + 6, end)))
      from = end + 2
    }
    rest = text.slice(from)
  }
}

function ours(): Promise<void> {
  const client = createClient({ transport: fetchTransport() })
  return new Promise((resolve) => {
    const leave = client.subscribe('/burst', { live: false, onMessage: take, onClose: () => (leave(), resolve()) })
  })
}

const CONTENDERS = { 'bare reader': bare, eventwire: ours }

// A worker posts it: the page itself can't while it is busy.
const source = 'setInterval(() => postMessage(performance.timeOrigin + performance.now()), 50)'

async function measure(who: string, run: () => Promise<void>): Promise<BurstRun> {
  const delays: number[] = []
  const worker = new Worker(URL.createObjectURL(new Blob([source])))
  await new Promise((resolve) => worker.addEventListener('message', resolve, { once: true }))
  worker.addEventListener('message', ({ data }: MessageEvent<number>) => delays.push(performance.timeOrigin + performance.now() - data))
  last = 0
  const began = performance.now()
  await run()
  const totalMs = performance.now() - began
  if (last !== EVENTS - 1) throw new Error(`${who} ended at event ${last}`)
  // What was posted meanwhile is late as well.
  await new Promise((resolve) => worker.addEventListener('message', resolve, { once: true }))
  worker.terminate()
  return { who, delays, totalMs }
}

async function measureAll(rounds: number): Promise<BurstRun[]> {
  const runs: BurstRun[] = []
  for (const run of Object.values(CONTENDERS)) await run()
  for (let round = 0; round < rounds; round++)
    for (const [who, run] of Object.entries(CONTENDERS)) runs.push(await measure(who, run))
  return runs
}

const rounds = Number(new URLSearchParams(location.search).get('rounds'))
const result = await measureAll(rounds).catch((error: unknown) => ({ error: String(error) }))
await fetch('/result', { method: 'POST', body: JSON.stringify(result) })
