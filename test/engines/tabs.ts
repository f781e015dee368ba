import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromiumArgs } from '../chromium.ts'
import { executable } from './executable.ts'

/** A tab of a {@link TabbedBrowser}. Unlike Playwright's it is hidden while another one shows, and can be frozen. */
export interface Tab {
  evaluate<T>(expression: string): Promise<T>
  /** It shows, and no other. */
  show(): Promise<void>
  /** As the browser freezes what is hidden; or thaws it. */
  freeze(frozen: boolean): Promise<void>
  navigate(url: string): Promise<void>
  reload(): Promise<void>
  /** Its process ends, without a word to the page. */
  crash(): Promise<void>
  close(): Promise<void>
}

/** A whole Chromium, tabs and back/forward cache included, over its own protocol. */
export interface TabbedBrowser {
  open(url: string): Promise<Tab>
  /** The processes that pages run in, and how much each has worked, in seconds. */
  renderers(): Promise<ReadonlyMap<number, number>>
  close(): Promise<void>
}

const ANSWER_MS = 15_000

interface Answer {
  readonly id?: number
  readonly method?: string
  readonly sessionId?: string
  readonly result?: unknown
  readonly error?: { readonly message: string }
}

export async function startTabs(args: readonly string[] = []): Promise<TabbedBrowser> {
  const profile = await mkdtemp(join(tmpdir(), 'eventwire-chromium-'))
  const flags = [...chromiumArgs, '--headless=new', '--remote-debugging-port=0', `--user-data-dir=${profile}`, ...args, 'about:blank']
  const browser = spawn(executable('chromium'), flags, { stdio: ['ignore', 'ignore', 'pipe'] })
  const exit = new Promise<void>((resolve) => browser.once('exit', () => resolve()))
  const address = await new Promise<string>((resolve, reject) => {
    let said = ''
    browser.stderr.on('data', (text: Buffer) => {
      said += text.toString()
      const [found] = /ws:\/\/\S+/.exec(said) ?? []
      if (found) resolve(found)
    })
    browser.once('exit', () => reject(new Error(`Chromium ended: ${said}`)))
  })
  const socket = new WebSocket(address)
  await new Promise((resolve) => socket.addEventListener('open', resolve))
  const waiting = new Map<number, (answer: Answer) => void>()
  const crashes = new Map<string, () => void>()
  let last = 0
  socket.addEventListener('message', ({ data }) => {
    // A seam: the protocol says so.
    const answer = JSON.parse(String(data)) as Answer
    if (answer.id !== undefined) waiting.get(answer.id)?.(answer)
    else if (answer.method === 'Inspector.targetCrashed') crashes.get(answer.sessionId ?? '')?.()
  })

  function send<T>(method: string, params: object, sessionId?: string): Promise<T> {
    const id = ++last
    socket.send(JSON.stringify({ id, method, params, sessionId }))
    return new Promise((resolve, reject) => {
      // What is asked of a page as it goes is answered by nobody.
      const late = setTimeout(() => reject(new Error(`${method}: no answer`)), ANSWER_MS)
      waiting.set(id, ({ result, error }) => {
        waiting.delete(id)
        clearTimeout(late)
        if (error) reject(new Error(`${method}: ${error.message}`))
        // A seam: the protocol says what a method gives.
        else resolve(result as T)
      })
    })
  }

  return {
    async open(url) {
      const { targetId } = await send<{ targetId: string }>('Target.createTarget', { url })
      const { sessionId } = await send<{ sessionId: string }>('Target.attachToTarget', { targetId, flatten: true })
      const told = <T>(method: string, params: object = {}) => send<T>(method, params, sessionId)
      await told('Page.enable')
      await told('Inspector.enable')
      const crashed = new Promise<void>((resolve) => crashes.set(sessionId, resolve))
      return {
        async evaluate<T>(expression: string) {
          const { result } = await told<{ result: { value: T } }>('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true })
          return result.value
        },
        show: () => send('Target.activateTarget', { targetId }),
        freeze: (frozen) => told('Page.setWebLifecycleState', { state: frozen ? 'frozen' : 'active' }),
        navigate: (to) => told('Page.navigate', { url: to }),
        reload: () => told('Page.reload'),
        async crash() {
          // What has crashed gives no answer.
          void told('Page.crash').catch(() => {})
          await Promise.race([crashed, new Promise((resolve) => setTimeout(resolve, ANSWER_MS))])
        },
        close: () => send('Target.closeTarget', { targetId }),
      }
    },
    async renderers() {
      const { processInfo } = await send<{ processInfo: { type: string; id: number; cpuTime: number }[] }>('SystemInfo.getProcessInfo', {})
      return new Map(processInfo.filter(({ type }) => type === 'renderer').map(({ id, cpuTime }) => [id, cpuTime]))
    },
    async close() {
      socket.close()
      browser.kill()
      await exit
      await rm(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
