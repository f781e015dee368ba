import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createSSEServer } from 'eventwire/testing/node'
import { expect, inject, onTestFinished, test } from 'vitest'
import { openPage } from './chromium-page.js'

const dist = join(inject('consumer'), 'node_modules/eventwire/dist')

/** The frame counts what it is shown, and says so to the page around it. */
const frame = (events: string) => `<!doctype html><script type="module">
  import { createSSEClient } from '/core.js'
  const reader = createSSEClient().subscribe('${events}', {
    onChange: ({ data }) => parent.postMessage({ data, visible: document.visibilityState }, '*'),
  })
  let frames = 0
  requestAnimationFrame(function next() { frames++; parent.postMessage({ frames }, '*'); requestAnimationFrame(next) })
</script>`

test('an iframe of another origin, out of view, gets no frames and still shows what comes', async () => {
  const sse = await createSSEServer({ url: '/events', timeoutMs: 30_000 })
  onTestFinished(() => sse.close())
  const pages = createServer((request, response) => {
    const html = { 'content-type': 'text/html' }
    const { port } = pages.address() as AddressInfo
    if (request.url === '/') response.writeHead(200, html).end(page(port))
    else if (request.url === '/frame') response.writeHead(200, html).end(frame(`${sse.origin}/events`))
    else
      void readFile(join(dist, request.url ?? '')).then(
        (code) => response.writeHead(200, { 'content-type': 'text/javascript' }).end(code),
        () => response.writeHead(404).end(),
      )
  })
  /** `localhost` is another origin than `127.0.0.1`, and another site. */
  const page = (port: number) => `<!doctype html><div style="height: 9000px"></div><iframe src="http://localhost:${port}/frame"></iframe>
    <script>
      window.shown = []
      window.frames_ = 0
      addEventListener('message', ({ data }) => ('frames' in data ? (window.frames_ = data.frames) : window.shown.push(data)))
    </script>`
  await new Promise<void>((listening) => pages.listen(0, listening))
  onTestFinished(() => void pages.close())
  const { page: opened } = await openPage(`http://127.0.0.1:${(pages.address() as AddressInfo).port}/`)
  const stream = await sse.connected()
  const shown = () => opened.evaluate<{ data: unknown; visible: string }[]>('window.shown')
  // Two at a time: the first is shown at once, the second is to wait for a frame, which does not come.
  for (let n = 2; n <= 8; n += 2) {
    stream.sendBytes(`data: ${n - 1}\n\ndata: ${n}\n\n`)
    await expect.poll(async () => (await shown()).at(-1)?.data, { timeout: 10_000 }).toBe(n)
  }
  // It counts as visible, and Chromium gave it hardly a frame.
  expect((await shown()).at(-1)?.visible).toBe('visible')
  expect(await opened.evaluate<number>('window.frames_')).toBeLessThan(5)
})
