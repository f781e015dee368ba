import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import { json } from 'node:stream/consumers'
import type { Browser } from '../test/engines/browser.ts'
import type { BurstRun } from './burst-page.ts'

/** What is expected of a page while 200,000 events come at once: the 98th percentile of a task's delay, in ms. */
export interface BurstRow {
  readonly who: string
  readonly p98: number
  readonly totalMs: number
}

const EVENTS = 200_000
const burst = Buffer.from(
  Array.from(
    { length: EVENTS },
    (_, at) => `id: ${at}\ndata: {"cpu":${at % 100},"host":"web-${at % 7}.example","load":[1,2,3,4],"text":"${'x'.repeat(30)}","at":${at}}\n\n`,
  ).join(''),
)

/** @param script - the built page's, as a module */
export async function measureBurst(start: () => Promise<Browser>, script: string, rounds: number): Promise<BurstRow[]> {
  const code = await readFile(script)
  const server = createServer((request, response) => {
    const [path = ''] = (request.url ?? '').split('?')
    if (path === '/result') {
      response.end()
      void json(request).then((result) => server.emit('result', result))
    } else answer(path, code, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const browser = await start()
  try {
    const result = once(server, 'result')
    await browser.open(`http://127.0.0.1:${port}/?rounds=${rounds}`)
    // A seam: the page is ours.
    const [runs] = (await result) as [BurstRun[] | { error: string }]
    if ('error' in runs) throw new Error(runs.error)
    return [...new Set(runs.map(({ who }) => who))].map((who) => rowOf(who, runs.filter((run) => run.who === who)))
  } finally {
    await browser.close()
    server.closeAllConnections()
    server.close()
  }
}

function answer(path: string, code: Buffer, response: ServerResponse): void {
  const [type, body] =
    path === '/burst'
      ? ['text/event-stream', burst]
      : path === '/page.js'
        ? ['text/javascript', code]
        : ['text/html', '<!doctype html><script type="module" src="/page.js"></script>']
  response.writeHead(200, { 'Content-Type': type }).end(body)
}

/** Of all delays of all rounds together: a burst is over before many tasks were posted. */
function rowOf(who: string, runs: readonly BurstRun[]): BurstRow {
  const delays = runs.flatMap((run) => run.delays).sort((a, b) => a - b)
  const totals = runs.map((run) => run.totalMs).sort((a, b) => a - b)
  return {
    who,
    p98: delays[Math.floor((delays.length - 1) * 0.98)] ?? 0,
    totalMs: totals[Math.floor((totals.length - 1) / 2)] ?? 0,
  }
}
