import { fetchTransport } from 'eventwire/core'
import { transportConformance } from 'eventwire/testing'
import { serveFrom } from '../../browser/script-client.js'
import { benchAt } from './check.js'
import { checks } from './open-sse-checks.js'

/** Says what became of each check, by name: `''`, or what went wrong. The origin of the server is its argument. */
const origin = process.argv[2] ?? ''
const bench = benchAt(origin)
const conformance = transportConformance(fetchTransport, { serve: (answers) => serveFrom(origin, answers) })

const results: Record<string, string> = {}
for (const [name, run] of checks) results[name] = await run(bench).then(() => '', String)
for (const { name, run } of conformance) results[`fetch conforms: ${name}`] = await run().then(() => '', String)

console.log(JSON.stringify(results))
