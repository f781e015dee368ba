#!/usr/bin/env node
import process from 'node:process'
import { runMockServer } from 'eventwire/testing/node'

const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop.abort())

try {
  await runMockServer(process.argv.slice(2), { write: (text) => process.stdout.write(text), signal: stop.signal })
} catch (error) {
  process.stderr.write(`eventwire-mock-server: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
