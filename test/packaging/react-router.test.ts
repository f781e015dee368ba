import { expect, onTestFinished, test } from 'vitest'
import { createSSEServer } from 'eventwire/testing/node'
import { createApp } from './app.js'
import { openPage } from './chromium-page.js'

const home = 'node_modules'
const packages = { react: home, 'react-dom': home, 'react-router': home, vite: home, '@vitejs/plugin-react': home }

test('a React Router app keeps its stream from route to route, and ends it where nobody reads it', async () => {
  const server = await createSSEServer({ url: '/api/events', timeoutMs: 30_000 })
  onTestFinished(() => server.close())
  const app = await createApp('react-router', { packages, env: { EVENTS: server.origin } })
  await app.run('node_modules/vite/bin/vite.js', 'build')
  const { address } = await app.serve('node_modules/vite/bin/vite.js', 'preview', '--host', '127.0.0.1', '--port', '0')

  const { page, problems } = await openPage(address)
  const connection = await server.connected()
  connection.send({ type: 'tick', data: '{"count":1}' })
  await page.getByText('Tick 1').waitFor()

  await page.getByRole('link', { name: 'Sum' }).click()
  await page.getByText('Sum 0').waitFor()
  for (const count of [2, 3]) connection.send({ type: 'tick', data: `{"count":${count}}` })
  await page.getByText('Sum 5').waitFor()
  expect(server.connections).toHaveLength(1)

  await page.getByRole('link', { name: 'About' }).click()
  await connection.closed
  await page.goBack()
  await server.connected()
  expect(server.connections).toHaveLength(2)
  expect(problems).toEqual([])
})
