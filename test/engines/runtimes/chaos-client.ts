import { openSSE } from 'eventwire/core'

/**
 * Reads one stream a URL, all at once, through whatever lies between, until so many events have come of each; says what
 * came: ids and data, in order. The arguments are pairs of a URL and a number.
 */
const [, , ...args] = process.argv
const wanted = Array.from({ length: args.length / 2 }, (_, index) => ({ url: args[index * 2] ?? '', count: Number(args[index * 2 + 1]) }))

async function read(url: string, count: number): Promise<[string, string][]> {
  const heard: [string, string][] = []
  if (count === 0) return heard
  // Every error and end is asked for again: whatever lies between, it is not for ever.
  const retry = ({ delayMs }: { delayMs: number | false }) => (delayMs === false ? 20 : Math.min(delayMs, 20))
  for await (const event of openSSE({ url, retry, connectTimeout: 300, idleTimeout: 300, decode: 'text' })) {
    heard.push([event.lastEventId, event.data])
    if (heard.length === count) break
  }
  return heard
}

console.log(JSON.stringify(await Promise.all(wanted.map(({ url, count }) => read(url, count)))))
