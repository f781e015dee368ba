import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { WithTabs } from './browser.ts'
import { executable } from './executable.ts'
import { freePort } from './free-port.ts'

/** WebKitGTK's own small browser on a screen that nobody sees, over WebDriver. */
export async function startWebKit(): Promise<WithTabs> {
  const screen = await startXvfb()
  const port = await freePort()
  const env = { ...process.env, DISPLAY: screen.display }
  const driver = spawn(executable('WebKitWebDriver'), [`--port=${port}`], { env, stdio: 'ignore' })
  const close = async () => {
    await ended(driver)
    await screen.close()
  }
  try {
    const origin = `http://127.0.0.1:${port}`
    await ready(origin, driver)
    // Without a `binary` the driver starts the browser that it was built with.
    const capabilities = { alwaysMatch: { pageLoadStrategy: 'none' } }
    const { sessionId } = await post<{ sessionId: string }>(`${origin}/session`, { capabilities })
    const session = `${origin}/session/${sessionId}`
    return {
      open: async (url) => void (await post(`${session}/url`, { url })),
      async openTab(url) {
        const { handle } = await post<{ handle: string }>(`${session}/window/new`, { type: 'window' })
        const there = () => post(`${session}/window`, { handle })
        await there()
        await post(`${session}/url`, { url })
        return {
          async evaluate<T>(expression: string) {
            await there()
            return post<T>(`${session}/execute/sync`, { script: `return (${expression})`, args: [] })
          },
          async close() {
            await there()
            await fetch(`${session}/window`, { method: 'DELETE' })
          },
        }
      },
      pid: driver.pid ?? 0,
      async close() {
        await fetch(session, { method: 'DELETE' })
        await close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

async function post<T>(url: string, body: object): Promise<T> {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) })
  // A seam: WebDriver answers with `value` always.
  const { value } = (await response.json()) as { value: T }
  if (!response.ok) throw new Error(`WebDriver: ${JSON.stringify(value)}`)
  return value
}

/** Waits until the driver listens: it does not say so. */
async function ready(origin: string, driver: ChildProcess): Promise<void> {
  while (driver.exitCode === null) {
    const answered = await fetch(`${origin}/status`).then(({ ok }) => ok, () => false)
    if (answered) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`WebKitWebDriver ended with ${driver.exitCode}.`)
}

/** An X server without a screen, on a display number of its own choice. */
async function startXvfb(): Promise<{ display: string; close(): Promise<void> }> {
  const xvfb = spawn(executable('Xvfb'), ['-displayfd', '3', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  // A seam: the fourth is the pipe asked for above. It ends without a number when the server can't start.
  const number = await text(xvfb.stdio[3] as Readable)
  if (!number) throw new Error('Xvfb ended without a display.')
  return { display: `:${number.trim()}`, close: () => ended(xvfb) }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill()
  await once(child, 'exit')
}
