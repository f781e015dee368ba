import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runMockServer } from 'eventwire/testing/node'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { MockConnection } from 'eventwire/testing/node'
import { clientTable } from '../../src/testing/node/client-table.js'
import { certificate } from './certificate.js'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'eventwire-command-'))
})

afterAll(() => rm(folder, { recursive: true }))

async function file(name: string, text: string) {
  await writeFile(join(folder, name), text)
  return join(folder, name)
}

function run(...args: string[]) {
  let output = ''
  const stop = new AbortController()
  const done = runMockServer(args, { write: (text) => void (output += text), signal: stop.signal })
  return {
    done,
    stop: () => (stop.abort(), done),
    output: () => output,
    url: () => vi.waitFor(() => /https?:\S+/.exec(output)?.[0] ?? Promise.reject(new Error(output))),
  }
}

describe('eventwire-mock-server', () => {
  it('plays a script to everyone, and shows who is connected', async () => {
    const steps = [{ send: { type: 'tick', data: { n: '{{n}}' } } }, { wait: 5 }]
    const script = await file('scenario.json', JSON.stringify({ url: '/ticks', loop: true, steps }))
    const command = run('--port', '0', '--script', script)
    const url = await command.url()
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/ticks$/)
    const response = await fetch(url, { headers: { 'User-Agent': 'Mozilla/5.0 Chrome/153.0 Safari/537', 'Last-Event-ID': '7' } })
    let text = ''
    for await (const chunk of response.body ?? []) {
      text += new TextDecoder().decode(chunk)
      if (/"n":\d+\}\n\n.*"n":\d+\}\n\n/s.test(text)) break
    }
    expect(text).toMatch(/^event: tick\nid: \d+\ndata: \{"n":\d+\}\n\n/)
    await vi.waitFor(() => expect(command.output()).toContain('0 open, 1 in all'))
    expect(command.output()).toMatch(
      /1 open, 1 in all\n# {2}request {5}state {2}Last-Event-ID {2}client\n1 {2}GET \/ticks {2}open {3}7 {14}Chrome\/153\.0\n/,
    )
    await command.stop()
    await expect(fetch(url)).rejects.toThrow('fetch failed')
  })

  it('needs no script, and speaks HTTPS with a certificate', async () => {
    const [key, cert] = [await file('key.pem', certificate.key), await file('cert.pem', certificate.cert)]
    const command = run('--port', '0', '--key', key, '--cert', cert)
    expect(await command.url()).toMatch(/^https:.*\/events$/)
    expect(command.output()).toMatch(/streams over HTTP\/2; try: curl -N -k https/)
    await command.stop()
  })

  it('helps', async () => {
    const command = run('--help')
    await command.done
    expect(command.output()).toMatch(/npx eventwire-mock-server \[options\][^]*--script <file>/)
  })

  it.each<[args: string[], says: RegExp]>([
    [['--prot', '4'], /^Unknown option '--prot'. Did you mean '--port'\?$/],
    [['--scritp=a.json'], /Did you mean '--script'\?$/],
    [['--verbose'], /^Unknown option '--verbose'. --help names them all$/],
    [['--port', 'four'], /^--port must be a number up to 65535, not 'four'$/],
    [['--port', '70000'], /^--port must be/],
    [['--key', 'a'], /^--key and --cert go together$/],
    [['--script', '/nowhere.json'], /^--script: ENOENT.*nowhere\.json/],
    [['--script', 'package.json'], /^package\.json: the scenario needs steps$/],
  ])('%j: says what is wrong', async (args, says) => {
    await expect(run(...args).done).rejects.toThrow(says)
  })

  it('says that a port is taken', async () => {
    const first = run('--port', '0')
    const port = new URL(await first.url()).port
    await expect(run('--port', port).done).rejects.toThrow(`Port ${port} is taken: choose another with --port`)
    await first.stop()
  })
})

it('clientTable shows the newest, and what people know a browser by', () => {
  const agents = [
    'curl/8.5.0',
    'Mozilla/5.0 (Windows) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/153.0 Safari/537.36 Edg/153.0',
    'Mozilla/5.0 (Macintosh) Version/26.0 Safari/605',
    'node',
  ]
  // A seam: what the table reads of a connection.
  const connections = agents.map((agent) => ({ request: { method: 'GET', url: '/e', headers: { 'user-agent': agent }, lastEventId: '' }, state: 'closed' }) as unknown as MockConnection)
  expect(clientTable(connections, 3).split('\n')).toEqual([
    '0 open, 4 in all',
    '#  request  state   Last-Event-ID  client',
    '2  GET /e   closed  -              Edge/153.0',
    '3  GET /e   closed  -              Safari/26.0',
    '4  GET /e   closed  -              node',
  ])
})
