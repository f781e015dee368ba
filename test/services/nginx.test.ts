import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { connect } from 'node:http2'
import { join } from 'node:path'
import { createSSEClient } from 'eventwire/core'
import type { SSEError } from 'eventwire/core'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { systemClock } from '../../src/protocol/clock.js'
import { freePort } from '../engines/free-port.ts'
import { startNginx } from './nginx.ts'

afterEach(() => vi.restoreAllMocks())

const MiB = 1024 * 1024

const at = (path: string) => join(import.meta.dirname, path)
const EXAMPLE = readFileSync(at('../../examples/nginx/nginx.conf'), 'utf8')

/** A server that answers every stream, and nothing else. */
async function serve(stream: (response: ServerResponse) => void, headers: OutgoingHttpHeaders = {}): Promise<number> {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', ...headers }).flushHeaders()
    stream(response)
  }).listen(0, '127.0.0.1')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  return typeof address === 'object' ? (address?.port ?? 0) : 0
}

/** nginx as it is without a word about event streams. */
const plain = (to: number, more = '') => (port: number) =>
  `events {} http { server { listen 127.0.0.1:${port}; location / { proxy_pass http://127.0.0.1:${to}; ${more} } } }`

/** The example's own configuration: other addresses, and a certificate that there is. */
const example = (...to: readonly number[]) => (port: number) =>
  EXAMPLE.replace(/server app-1:3000(.*;)\s+server app-2:3000.*;/, (_, rest) => to.map((one) => `server 127.0.0.1:${one}${rest}`).join(' '))
    .replace('listen 443', `listen 127.0.0.1:${port}`)
    .replace('/etc/nginx/cert.pem', at('../e2e/certificate/cert.pem'))
    .replace('/etc/nginx/key.pem', at('../e2e/certificate/key.pem'))

async function start(conf: (port: number, folder: string) => string): Promise<number> {
  const nginx = await startNginx(conf)
  onTestFinished(nginx.close)
  return nginx.port
}

/** What a reader has of it. */
function read(port: number, options: Parameters<typeof createSSEClient>[0] = {}) {
  const data: unknown[] = []
  const errors: SSEError[] = []
  const closed: string[] = []
  const leave = createSSEClient(options).subscribe(`http://127.0.0.1:${port}/events`, {
    onMessage: (value) => data.push(value),
    onError: (error) => errors.push(error),
    onClose: ({ reason }) => closed.push(reason),
  })
  onTestFinished(() => leave())
  return { data, errors, closed, getSnapshot: leave.getSnapshot }
}

/** One event, and then it waits to be asked for the next. */
function stepped() {
  const responses: ServerResponse[] = []
  return {
    stream: (response: ServerResponse) => {
      responses.push(response)
      response.write('data: 1\n\n')
    },
    responses,
  }
}

const until = (holds: () => void) => vi.waitFor(holds, { timeout: 15_000, interval: 20 })

describe('nginx as it comes', () => {
  it('passes nothing on before its buffer is full; X-Accel-Buffering: no has every event come at once', async () => {
    const [held, let_] = [stepped(), stepped()]
    const buffered = read(await start(plain(await serve(held.stream))))
    const rescued = read(await start(plain(await serve(let_.stream, { 'X-Accel-Buffering': 'no' }))))
    await until(() => expect(rescued.data).toEqual([1]))
    let_.responses[0]?.write('data: 2\n\n')
    await until(() => expect(rescued.data).toEqual([1, 2]))
    // The other one has come no less far, as its server sees it.
    expect([held.responses.length, buffered.data]).toEqual([1, []])
    held.responses[0]?.write(`: ${'x'.repeat(8_192)}\n\n`)
    await until(() => expect(buffered.data).toEqual([1]))
  })

  it('is told of in development, once, with the cure', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    const { data } = read(
      await start(
        plain(
          await serve((response) => {
            const timer = setInterval(() => response.write(`data: "${'x'.repeat(190)}"\n\n`), 10)
            response.on('close', () => clearInterval(timer))
          }),
        ),
      ),
    )
    await until(() => expect(warn.mock.calls).toEqual([[expect.stringMatching(/buffers the stream \(reads of exactly 4096 bytes.*X-Accel-Buffering: no/)]]))
    expect(data.length).toBeGreaterThan(0)
  })

  it('that compresses without flushing is told of, too', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    const began = Date.now()
    // Twenty times as fast as the wall: a silence of three seconds takes 150 ms.
    const clock = { ...systemClock, now: () => began + (Date.now() - began) * 20 }
    const to = await serve((response) => {
      let turn = 0
      const timer = setInterval(() => response.write(++turn % 5 ? `data: "${randomBytes(40).toString('hex')}"\n\n` : ': beat\n\n'), 1)
      response.on('close', () => clearInterval(timer))
    })
    read(await start(plain(to, 'gzip on; gzip_types text/event-stream; gzip_proxied any;')), { clock })
    await until(() => expect(warn.mock.calls).toEqual([[expect.stringMatching(/buffers the stream/)]]))
  })

  it('cuts a stream that is silent for longer than proxy_read_timeout; it comes back', async () => {
    const { stream, responses } = stepped()
    const { getSnapshot } = read(await start(plain(await serve(stream, { 'X-Accel-Buffering': 'no' }), 'proxy_read_timeout 1s;')))
    await until(() => expect(responses.length).toBeGreaterThan(1))
    expect(getSnapshot()?.status).not.toBe('failed')
  })

  it('makes a server that dies in the middle of an event look like one that is done: eventwire is not deceived', async () => {
    const port = await start(plain(await serve((response) => (response.write('data: 1\n\ndata: ha'), setTimeout(() => response.destroy(), 200)), { 'X-Accel-Buffering': 'no' })))
    const { errors, data } = read(port)
    await until(() => expect(errors.length).toBeGreaterThan(0))
    expect([data[0], errors[0]?.code]).toEqual([1, 'interrupted'])
  })
})

describe('the example', () => {
  /** Over HTTP/2, as a browser does: Node's fetch speaks HTTP/1.1. */
  function session(port: number) {
    const client = connect(`https://127.0.0.1:${port}`, { ca: readFileSync(at('../e2e/certificate/cert.pem')) })
    onTestFinished(() => client.destroy())
    return {
      client,
      get(path = '/events') {
        const stream = client.request({ ':path': path })
        let text = ''
        stream.setEncoding('utf8').on('data', (chunk: string) => void (text += chunk))
        return () => text
      },
    }
  }

  it('passes every event on at once, over one HTTP/2 session for ten streams', async () => {
    const { stream, responses } = stepped()
    const { client, get } = session(await start(example(await serve(stream))))
    const texts = Array.from({ length: 10 }, () => get())
    await until(() => expect(texts.map((text) => text())).toEqual(Array.from({ length: 10 }, () => 'data: 1\n\n')))
    for (const response of responses) response.write('data: 2\n\n')
    await until(() => expect(texts.map((text) => text())).toEqual(Array.from({ length: 10 }, () => 'data: 1\n\ndata: 2\n\n')))
    expect(client.alpnProtocol).toBe('h2')
  })

  it('makes the server wait for a client that is slow', async () => {
    const written = { bytes: 0 }
    const event = `data: ${'x'.repeat(16 * 1024)}\n\n`
    const to = await serve((response) => {
      const write = () => {
        while (written.bytes < 128 * MiB && !response.destroyed) {
          written.bytes += event.length
          if (!response.write(event)) return void response.once('drain', write)
        }
      }
      write()
    })
    const { client } = session(await start(example(to)))
    // Nobody reads it.
    client.request({ ':path': '/events' }).on('response', () => {})
    let before = -1
    await vi.waitFor(
      () => {
        const still = written.bytes > 0 && written.bytes === before
        before = written.bytes
        expect(still).toBe(true)
      },
      { timeout: 20_000, interval: 500 },
    )
    // What kernels hold.
    expect(written.bytes).toBeLessThan(32 * MiB)
  })

  it('does not hide a server that dies in the middle of an event', async () => {
    const { client } = session(await start(example(await serve((response) => (response.write('data: 1\n\ndata: ha'), setTimeout(() => response.destroy(), 200))))))
    const stream = client.request({ ':path': '/events' })
    const over = new Promise<string>((resolve) => {
      stream.once('error', () => resolve('broke'))
      stream.once('end', () => resolve('ended'))
    })
    stream.resume()
    expect(await over).toBe('broke')
  })

  it('asks the next server where one can not be reached', async () => {
    const { stream } = stepped()
    const { get } = session(await start(example(await freePort(), await serve(stream))))
    const texts = [get(), get()]
    await until(() => expect(texts.map((text) => text())).toEqual(['data: 1\n\n', 'data: 1\n\n']))
  })
})
