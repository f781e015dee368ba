import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, inject, onTestFinished, test } from 'vitest'
import { createSSEServer } from 'eventwire/testing/node'
import { entries } from '../../entries.ts'

const execute = promisify(execFile)

/** How plain Node gets at an entry, as a module and as CommonJS. */
const formats = [
  { type: 'module', load: (name: string) => `await import('${name}')` },
  { type: 'commonjs', load: (name: string) => `require('${name}')` },
]

/** Runs a script in plain Node in the consumer's folder until it ends by itself; it prints JSON. */
async function inNode(type: string, script: string): Promise<unknown> {
  const code = type === 'module' ? script : `(async () => {${script}})()`
  const options = ['--enable-source-maps', `--input-type=${type}`, '--eval', code]
  const { stdout } = await execute(process.execPath, options, { cwd: inject('consumer') })
  return JSON.parse(stdout)
}

describe.each(formats)('in plain Node, as $type', ({ type, load }) => {
  test('every entry gives the names that its source has', async () => {
    const script = entries.map(({ name }) => `'${name}': Object.keys(${load(name)}).sort()`).join(', ')
    const sources = entries.map(async ({ name }): Promise<[string, string[]]> => {
      const source: object = await import(/* @vite-ignore */ name)
      return [name, Object.keys(source).sort()]
    })
    const loaded = await inNode(type, `console.log(JSON.stringify({ ${script} }))`)
    expect(loaded).toEqual(Object.fromEntries(await Promise.all(sources)))
  })

  test('a name that several entries have is one object', async () => {
    const same = await inNode(
      type,
      `const all = [${entries.map(({ name }) => load(name)).join(', ')}]
       const kinds = {}
       for (const entry of all) for (const name of Object.keys(entry)) (kinds[name] ??= []).push(entry[name])
       const shared = Object.entries(kinds).filter(([, found]) => found.length > 1)
       console.log(JSON.stringify(Object.fromEntries(shared.map(([name, found]) => [name, new Set(found).size]))))`,
    )
    expect(same).toMatchObject({ SSEError: 1, createSSEClient: 1 })
    expect(new Set(Object.values(Object(same)))).toEqual(new Set([1]))
  })

  test('openSSE and a client read a stream, and leave nothing that keeps Node running', async () => {
    const server = await createSSEServer({
      onConnection: (connection) => [1, 2, 3].forEach((count) => connection.send({ type: 'tick', data: { count } })),
    })
    onTestFinished(() => server.close())
    const seen = await inNode(
      type,
      `const { createSSEClient, openSSE } = ${load('eventwire/core')}
       const looped = []
       for await (const event of openSSE({ url: '${server.url}' })) if (looped.push(event.data.count) === 3) break
       const called = []
       await new Promise((resolve) => {
         const unsubscribe = createSSEClient().subscribe('${server.url}', {
           onMessage: (data) => { if (called.push(data.count) === 3) resolve(unsubscribe()) },
         })
       })
       console.log(JSON.stringify({ looped, called }))`,
    )
    expect(seen).toEqual({ looped: [1, 2, 3], called: [1, 2, 3] })
    await server.verify()
    expect(server.connections).toHaveLength(2)
  })

  test('what hooks see of a provider does not depend on the entry that it is from', async () => {
    const found = await inNode(
      type,
      `const { JSDOM } = ${load('jsdom')}
       const { window } = new JSDOM('<div id="root">')
       Object.assign(globalThis, { window, document: window.document })
       const { createElement } = ${load('react')}
       const { createRoot } = ${load('react-dom/client')}
       const { useSSE } = ${load('eventwire')}
       const { SSEError } = ${load('eventwire/core')}
       const { createMockSSE } = ${load('eventwire/testing')}

       const mock = createMockSSE()
       const seen = []
       const Probe = () => {
         const { status, data, error } = useSSE('/events', { retry: { attempts: 0 } })
         seen.push([status, data, error instanceof SSEError])
         return null
       }
       const root = createRoot(document.getElementById('root'))
       root.render(createElement(mock.Provider, null, createElement(Probe)))
       const connection = await mock.connected()
       connection.send({ data: '1' })
       const streams = mock.client.streams().map(({ status, users }) => [status, users])
       connection.drop()
       root.unmount()
       window.close()
       console.log(JSON.stringify({ streams, seen }))`,
    )
    const seen: unknown = expect.arrayContaining([['open', 1, false], ['failed', 1, true]])
    expect(found).toEqual({ streams: [['open', 1]], seen })
  })

  test('a stack names the sources, by the maps', async () => {
    const stack = await inNode(
      type,
      `const { openSSE } = ${load('eventwire/core')}
       try { openSSE({}) } catch (error) { console.log(JSON.stringify(error.stack)) }`,
    )
    expect(stack).toMatch(/^TypeError: [\s\S]*[\\/]src[\\/]client[\\/]iterate\.ts:\d+/)
  })
})
