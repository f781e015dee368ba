import { defineBrowserProvider } from '@vitest/browser'
import type { BrowserProvider, BrowserProviderOption, TestProject } from 'vitest/node'
import type { Browser } from './browser.ts'

declare module 'vitest/internal/browser' {
  interface BrowserCommands {
    __vitest_viewport(size: { width: number; height: number }): Promise<void>
  }
}

/** Has Vitest's browser mode run in a browser that Playwright has no part in: all it takes is to open a URL. */
export function provider(name: string, start: () => Promise<Browser>): BrowserProviderOption {
  const providerFactory = (project: TestProject) => {
    // The page of a test is an iframe of the size that Vitest asks for; the window around it is larger.
    project.browser?.registerCommand('__vitest_viewport', async () => {})
    return provide(name, start)
  }
  return defineBrowserProvider({ name, supportedBrowser: [name], providerFactory })
}

function provide(name: string, start: () => Promise<Browser>): BrowserProvider {
  let browser: Promise<Browser> | undefined
  return {
    name,
    supportsParallelism: false,
    getCommandsContext: () => ({}),
    async openPage(_, url) {
      const { open } = await (browser ??= start())
      await open(url)
    },
    async close() {
      const started = browser
      browser = undefined
      await (await started?.catch(() => undefined))?.close()
    },
  }
}
