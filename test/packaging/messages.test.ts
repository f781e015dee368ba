import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, inject, test } from 'vitest'

const HEAD = `import { openSSE } from 'eventwire/core'
import { createSSEClient, defineSSE, json, SSEProvider, text, useSSE, useSSEEvent, useSSEReducer, useSSERequest, useSSEStatus } from 'eventwire'
const ops = defineSSE({ url: '/e', events: { metrics: json<{ cpu: number }>(), alert: json<{ title: string }>(), log: text() } })
`

/** What people write, and what the first line that the compiler says of it must have. */
const MISUSES: readonly { code: string; helps: RegExp }[] = [
  { code: `useSSEEvent(ops, 'alrt', () => {})`, helps: /'"alrt"'.*"alert"/ },
  { code: `useSSEEvent(ops, ['alert', 'lgo'], () => {})`, helps: /"lgo".*"log"/ },
  { code: `useSSEEvent(ops, { alrt: () => {} })`, helps: /Did you mean to write 'alert'/ },
  { code: `useSSEEvent('/e', 'alert')`, helps: /EventHandlers/ },
  { code: `useSSE('/e', { histroy: 5 })`, helps: /Did you mean to write 'history'/ },
  { code: `useSSE(ops, { histroy: 5 })`, helps: /Did you mean to write 'history'/ },
  { code: `useSSE({ url: '/e', histroy: 5 })`, helps: /'histroy' does not exist/ },
  { code: `useSSE<{ cpu: number }>('/e', { select: (s) => s.data?.cpu })`, helps: /write useSSE<Data, Selected>/ },
  { code: `useSSE(ops).latest.metrcs`, helps: /Did you mean 'metrics'/ },
  { code: `useSSE(ops, { select: (s) => s.latest.metrics.data.cpu })`, helps: /possibly 'undefined'/ },
  { code: `useSSE('/e', { decode: 'jsn' })`, helps: /Did you mean '"json"'/ },
  { code: `useSSE('/e', { retry: { maxRetries: 5 } })`, helps: /'maxRetries' does not exist in type 'RetryPolicy'/ },
  { code: `useSSE('/e', { until: async () => true })`, helps: /\(\) => Promise<boolean>/ },
  { code: `useSSE<{ cpu: number }>(ops)`, helps: /SSEDefinition/ },
  { code: `defineSSE({ url: '/e', events: { log: String } })`, helps: /'StringConstructor' is not assignable to type 'Decoder/ },
  { code: `useSSEReducer(ops, (_, event) => event.data, null)`, helps: /write null as Item \| null/ },
  { code: `useSSERequest({ url: '/e', decode: text(), initial: [], reduce: (list, { data }) => [...list, data] })`, helps: /write \[\] as Item\[\]/ },
  { code: `useSSERequest({ url: '/e', decode: text(), initial: null, reduce: (_, { data }) => data })`, helps: /write null as Item \| null/ },
  { code: `useSSEStatus('/e', { grace: 1 })`, helps: /Did you mean to write 'graceMs'/ },
  { code: `createSSEClient({ url: '/e' })`, helps: /'url' does not exist in type 'ClientOptions'/ },
  { code: `openSSE('/e', { onMessage: () => {} })`, helps: /'onMessage' does not exist/ },
  { code: `void (<SSEProvider baseURL="https://a.example">a</SSEProvider>)`, helps: /baseURL/ },
]

const compilers = [
  { version: '5.4', script: 'test/types/node_modules/typescript/bin/tsc' },
  { version: '7', script: 'node_modules/@typescript/native/bin/tsc' },
]

const options = '--noEmit --strict --skipLibCheck --jsx react-jsx --target es2022 --module preserve --moduleResolution bundler'

describe.each(compilers)('what TypeScript $version says of a misuse', ({ version, script }) => {
  let said: string[][] = []

  beforeAll(async () => {
    const folder = inject('consumer')
    const file = `misuse-${version}.tsx`
    // Statements at the top of a module: hooks compile there, too.
    await writeFile(join(folder, file), HEAD + MISUSES.map(({ code }) => code).join('\n'))
    const { stdout } = await promisify(execFile)(process.execPath, [resolve(script), ...options.split(' '), '--types', 'node', file], {
      cwd: folder,
    }).catch((error: { stdout: string }) => error)
    const lines = HEAD.split('\n').length
    said = MISUSES.map((_, index) => {
      const mine = stdout.split(new RegExp(`^(?=${file.replaceAll('.', '\\.')}\\()`, 'm')).filter((one) => one.startsWith(`${file}(${lines + index},`))
      return mine.join('').replaceAll(/^.*?: error /gm, '').trimEnd().split('\n')
    })
  })

  test.each(MISUSES.map((misuse, index) => ({ ...misuse, index })))('$code', ({ helps, index }) => {
    const [first = '', ...more] = said[index] ?? []
    expect(first).toMatch(helps)
    expect(first.length).toBeLessThan(400)
    expect(more.length).toBeLessThan(7)
  })

  test('each in full', async () => {
    const text = MISUSES.map(({ code }, index) => [code, ...(said[index] ?? [])].join('\n')).join('\n\n')
    await expect(`${text}\n`).toMatchFileSnapshot(`messages/typescript-${version}.txt`)
  })
})
