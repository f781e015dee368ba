/** What changed about a page: its visibility, its network, or its life. */
export type PageChange = 'visibility' | 'online' | 'freeze' | 'resume' | 'unload' | 'hide' | 'show'

/** What the browser knows of the page, so that tests, and platforms that are no browser, can own it. */
export interface Page {
  /** `false` while nobody can see it. */
  readonly visible: boolean
  /** `false` while the platform is sure that there is no network. A hint, no more. */
  readonly online: boolean
  /** `true` while no timer or task of it runs. */
  readonly frozen: boolean
  /**
   * Calls `listener` on every change, until the function returned is called. `freeze` and `resume` are the Page
   * Lifecycle's, `hide` and `show` are `pagehide` and `pageshow`; `unload` is `beforeunload`: it may be about to be left.
   */
  subscribe(listener: (change: PageChange) => void): () => void
}

interface Target {
  addEventListener(type: string, listener: () => void): void
  removeEventListener(type: string, listener: () => void): void
}

interface PageGlobals extends Partial<Target> {
  readonly document?: Target & { readonly visibilityState: string; readonly baseURI: string }
  readonly location?: { readonly href: string; readonly origin: string }
  readonly navigator?: { readonly onLine?: boolean }
  readonly origin?: string
}

// Everything is looked up when asked: there may be no page, and a test may make one.
const globals = () => globalThis as PageGlobals

/** DOM events by what they say, of the document and of the window. */
const ON_DOCUMENT = { visibilitychange: 'visibility', freeze: 'freeze', resume: 'resume' } as const
const ON_WINDOW = { online: 'online', offline: 'online', beforeunload: 'unload', pagehide: 'hide', pageshow: 'show' } as const

let frozen = false

/** The page that this program runs in. Where there is none it is visible, online and never frozen. */
export const systemPage: Page = {
  get visible() {
    return globals().document?.visibilityState !== 'hidden'
  },
  get online() {
    return globals().navigator?.onLine !== false
  },
  get frozen() {
    return frozen
  },
  subscribe(listener) {
    const { document } = globals()
    // Workers have no page that could hide, but a network; Node has neither.
    const left = [listen(document ?? {}, ON_DOCUMENT, listener), listen(globals(), ON_WINDOW, listener)]
    return () => left.forEach((leave) => leave())
  },
}

function listen(
  target: Partial<Target>,
  changes: Readonly<Record<string, PageChange>>,
  listener: (change: PageChange) => void,
): () => void {
  const listeners = Object.entries(changes).map(([type, change]) => {
    const heard = () => {
      if (change === 'freeze' || change === 'resume') frozen = change === 'freeze'
      listener(change)
    }
    target.addEventListener?.(type, heard)
    return [type, heard] as const
  })
  return () => listeners.forEach(([type, heard]) => target.removeEventListener?.(type, heard))
}

/** The origin that a URL leads to from this page; `null` without a page, and for what is no URL. */
export function originOf(url: string): string | null {
  const { document, location } = globals()
  try {
    return location ? new URL(url, document?.baseURI ?? location.href).origin : null
  } catch {
    return null
  }
}

/** Whether a URL leads away from the page's origin. Without a page nothing does. */
export function isOtherOrigin(url: string): boolean {
  const target = originOf(url)
  // A `srcdoc` frame has its base and its origin from the page around it.
  const { location, origin = location?.origin } = globals()
  return target !== null && target !== origin
}
