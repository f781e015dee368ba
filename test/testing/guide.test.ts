import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parseScenario } from '../../src/testing/node/scenario.js'

const blocks = (page: string, language: string) =>
  [...readFileSync(page, 'utf8').matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(([, text = '']) => text)

it("the guide's scenario is one", () => {
  const [scenario = ''] = blocks('docs/testing.md', 'json')
  expect(parseScenario(scenario)).toMatchObject({ url: '/events', loop: true })
})

it("the guide's checks for a transport of one's own are those that run here", () => {
  const [, checks = ''] = readFileSync('test/testing/own-transport.test.ts', 'utf8').split(/^\/\*\*.*\*\/\n/)
  const ours = "fetchTransport as myTransport } from 'eventwire/core'"
  expect(blocks('docs/testing.md', 'ts')).toContain(checks.replace(ours, "myTransport } from './my-transport.js'"))
})

it("the guide's first test is in the example, which runs under Vitest and Jest", () => {
  const [first = ''] = blocks('docs/testing.md', 'tsx')
  const lines = first.split('\n').filter((line) => line.startsWith('  '))
  expect(lines).toHaveLength(8)
  expect(readFileSync('examples/testing/dashboard.test.tsx', 'utf8')).toContain(lines.join('\n'))
})
