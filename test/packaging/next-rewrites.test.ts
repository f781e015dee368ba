import { createSSEServer } from 'eventwire/testing/node'
import { expect, onTestFinished, test } from 'vitest'
import { createApp } from './app.js'

const names = ['next', 'react', 'react-dom']
const packages = Object.fromEntries(names.map((name) => [name, 'node_modules']))

test("Next's rewrites pass events on as they come, and tell that the server behind has gone", async () => {
  const server = await createSSEServer({ url: '/events' })
  onTestFinished(() => server.close())
  const env = { NEXT_TELEMETRY_DISABLED: '1', BACKEND: new URL(server.url).origin }
  const app = await createApp('next-rewrites', { packages, env })
  const { address } = await app.serve('node_modules/next/dist/bin/next', 'dev', '--hostname', '127.0.0.1', '--port', '0')

  const answer = fetch(`${address}/events`, { headers: { Accept: 'text/event-stream', 'Accept-Encoding': 'identity' } })
  const connection = await server.connected()
  connection.send({ id: '1', data: 'one' })
  const reader = (await answer).body?.getReader()
  const first = await reader?.read()
  expect(new TextDecoder().decode(first?.value)).toContain('data: one')
  connection.drop()
  await expect(reader?.read()).rejects.toThrow('terminated')
}, 120_000)
