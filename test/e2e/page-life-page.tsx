import { createSSEClient, SSEProvider, useSSE, useSSEReducer } from 'eventwire'
import { nativeTransport } from 'eventwire/native'
import { createRoot } from 'react-dom/client'
import { reloadAgain, travel } from './page-life-tour.ts'

/** What a page has made of a stream of whole numbers: `wrong` counts those that did not follow the one before. */
export interface Sum {
  readonly first: number
  readonly last: number
  readonly sum: number
  readonly wrong: number
}

declare global {
  interface Window {
    /** What is shown, for the test that looks. */
    eventwireTest?: { sum: Sum; status: string; errors: string[]; resets: number }
  }
}

const NONE: Sum = { first: 0, last: 0, sum: 0, wrong: 0 }

function fold(before: Sum, { data }: { data: number }): Sum {
  const follows = before.last === 0 || data === before.last + 1
  return { first: before.first || data, last: data, sum: before.sum + data, wrong: before.wrong + (follows ? 0 : 1) }
}

const query = new URLSearchParams(location.search)
const persist = query.has('persist') ? { key: 'numbers', storage: localStorage } : undefined
// A fresh EventSource sends no cursor of its own.
const native = query.has('native') ? { transport: nativeTransport(), lastEventIdParam: 'since' } : {}
const source = { url: '/events', replays: true, persist, ...native }
const shown = (window.eventwireTest = { sum: NONE, status: '', errors: [] as string[], resets: 0 })

function Page() {
  const { status } = useSSE(source, { onError: ({ code }) => shown.errors.push(code), onReset: () => shown.resets++ })
  const sum = useSSEReducer<number, Sum>(source, fold, NONE, persist && { persistAs: 'sum' })
  Object.assign(shown, { sum, status })
  return <p>{`${status} ${sum.last} ${sum.wrong}`}</p>
}

const reloads = Number(query.get('reloads'))
if (reloads > 0) void reloadAgain(reloads, shown)
if (query.has('tour')) travel(() => shown.sum, () => shown.errors)

const root = document.getElementById('root')
if (root)
  createRoot(root).render(
    <SSEProvider client={createSSEClient()}>
      <Page />
    </SSEProvider>,
  )
