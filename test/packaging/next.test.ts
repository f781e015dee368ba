import { expect, test } from 'vitest'
import { createApp } from './app.js'
import { openPage } from './chromium-page.js'

const names = ['next', 'react', 'react-dom', 'typescript', '@types/node', '@types/react', '@types/react-dom']
const next = 'node_modules/next/dist/bin/next'
const packages = Object.fromEntries(names.map((name) => [name, 'node_modules']))

test('a Next.js app shares a definition with its server, and hydrates what that renders', async () => {
  const app = await createApp('next', { packages, env: { NEXT_TELEMETRY_DISABLED: '1' } })
  await app.run(next, 'build')
  const { address } = await app.serve(next, 'start', '--hostname', '127.0.0.1', '--port', '0')

  const html = await (await fetch(address)).text()
  expect(html.replaceAll('<!-- -->', '')).toMatch(/<h1>tick from \/events<\/h1><p>idle: nothing yet<\/p>/)

  const { page, problems } = await openPage(address)
  // The provider of the layout keeps two.
  await page.getByText('open: 2, 3').waitFor()
  expect(problems).toEqual([])
}, 120_000)
