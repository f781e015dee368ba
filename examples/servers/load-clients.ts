/** Many clients in a process of their own: they read until it is told to stop, and then it says what they had. */
import { resolveEntries } from './this-repository.ts'

resolveEntries()
const { openSSE } = await import('eventwire/core')

const [url = '', clients = '0'] = process.argv.slice(2)
const counts: number[] = []
const late: number[] = []
let open = 0
const stopping = new AbortController()

const reading = Array.from({ length: Number(clients) }, async (_, client) => {
  counts[client] = 0
  const events = openSSE<{ count: number; sentAt: number }>(url, {
    signal: stopping.signal,
    onOpen: () => {
      open += 1
      if (open === Number(clients)) process.send?.('open')
    },
  })
  for await (const { data } of events) {
    counts[client] = (counts[client] ?? 0) + 1
    late.push(Date.now() - data.sentAt)
  }
})

process.once('message', async () => {
  stopping.abort()
  await Promise.all(reading)
  late.sort((a, b) => a - b)
  const at = (part: number) => late[Math.floor((late.length - 1) * part)] ?? 0
  const { user, system } = process.cpuUsage()
  process.send?.({ least: Math.min(...counts), most: Math.max(...counts), p50: at(0.5), p99: at(0.99), worst: at(1), cpuMs: (user + system) / 1_000 })
  process.disconnect?.()
})
