import { expect, onTestFinished, test } from 'vitest'
import { createSSEServer } from 'eventwire/testing/node'
import { createApp } from './app.js'
import { openPage } from './chromium-page.js'

test.each([
  ['18.3.1', 'test/react-18/node_modules'],
  ['19.3.1', 'node_modules'],
])('a Vite app with React %s shows the first event, and every other, over one connection', async (version, home) => {
  const server = await createSSEServer({ url: '/events', timeoutMs: 30_000 })
  onTestFinished(() => server.close())
  const packages = { react: home, 'react-dom': home, vite: 'node_modules', '@vitejs/plugin-react': 'node_modules' }
  const app = await createApp('vite', { packages, env: { EVENTS: server.origin } })
  await app.run('node_modules/vite/bin/vite.js', 'build')
  const { address } = await app.serve('node_modules/vite/bin/vite.js', 'preview', '--host', '127.0.0.1', '--port', '0')

  const { page, problems } = await openPage(address)
  await page.getByText(`React ${version}`).waitFor()
  const connection = await server.connected()
  connection.send({ type: 'tick', data: '{"count":1}' })
  await page.getByText('Tick 1').waitFor()
  connection.send({ type: 'tick', data: '{"count":2}' })
  await page.getByText('Tick 2').waitFor()

  expect(server.connections).toHaveLength(1)
  await page.close()
  await connection.closed
  expect(problems).toEqual([])
})
