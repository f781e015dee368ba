import { createSSEClient } from 'eventwire/core'

/** What one reader of a stream whose answers end has had of it: ids that did not come or came twice, and how late events were. */
export interface RenewRow {
  readonly who: string
  readonly events: number
  readonly answers: number
  readonly lost: number
  readonly doubled: number
  /** From the server's `write` to the handler, in ms. */
  readonly p50: number
  readonly p99: number
  readonly worst: number
}

declare global {
  /** Where `run.ts` finds it once its bundle has been loaded. */
  var eventwireRenew: ((url: string, ms: number) => Promise<RenewRow[]>) | undefined
}

/** Reads the stream until the function returned is called, which says what came. */
function read(who: string, url: string, renew: boolean): () => RenewRow {
  const client = createSSEClient()
  const late: number[] = []
  const ids: number[] = []
  let answers = 0
  client.wrap((transport) => ({ ...transport, open: (request, sink) => (answers++, transport.open(request, sink)) }))
  const leave = client.subscribe<number>(url, {
    renew: renew ? { at: ({ headers }) => Number(headers?.get('x-ends-at')), beforeMs: 1_000 } : undefined,
    onMessage(sentAt, { lastEventId }) {
      late.push(Date.now() - sentAt)
      ids.push(Number(lastEventId))
    },
  })
  return () => {
    leave()
    late.sort((a, b) => a - b)
    const at = (part: number) => late[Math.floor((late.length - 1) * part)] ?? 0
    const seen = new Set(ids)
    const [first = 0, last = 0] = [ids[0], ids.at(-1)]
    const row = { who, events: ids.length, answers, lost: last - first + 1 - seen.size, doubled: ids.length - seen.size }
    return { ...row, p50: at(0.5), p99: at(0.99), worst: at(1) }
  }
}

globalThis.eventwireRenew = async (url, ms) => {
  const readers = [read('reconnected when it has ended', url, false), read('renewed before it ends', url, true)]
  await new Promise((resolve) => setTimeout(resolve, ms))
  return readers.map((over) => over())
}
