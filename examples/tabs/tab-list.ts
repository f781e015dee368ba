/** What tabs tell each other of themselves, for this page to show: the stream does without it. */
export interface TabNews {
  readonly name: string
  readonly owner: boolean
  readonly tick: number
}

export interface TabList {
  readonly name: string
  tell(news: Omit<TabNews, 'name'>): void
  /** Every tab that said something of late, this one too. */
  tabs(): readonly TabNews[]
  subscribe(listener: () => void): () => void
  /** Ends the tab that owns the connection, whichever it is. */
  killOwner(): void
}

const LATE_MS = 1_500

export function createTabList(): TabList {
  const name = Math.random().toString(36).slice(2, 6)
  const channel = new BroadcastChannel('tabs-demo')
  const heard = new Map<string, TabNews & { readonly at: number }>()
  const listeners = new Set<() => void>()
  let tabs: readonly TabNews[] = []
  let mine: TabNews = { name, owner: false, tick: 0 }

  function update() {
    const now = Date.now()
    for (const [other, { at }] of heard) if (now - at > LATE_MS) heard.delete(other)
    tabs = [mine, ...heard.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
    listeners.forEach((listener) => listener())
  }

  channel.addEventListener('message', ({ data }: MessageEvent<TabNews | 'kill'>) => {
    if (data !== 'kill') {
      heard.set(data.name, { ...data, at: Date.now() })
      update()
    } else if (mine.owner) die()
  })

  // A script may close what a script has opened; where the user has, the page goes at least.
  function die() {
    window.close()
    location.replace('about:blank')
  }

  return {
    name,
    tell(news) {
      mine = { name, ...news }
      channel.postMessage(mine)
      update()
    },
    tabs: () => tabs,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    killOwner() {
      channel.postMessage('kill')
      if (mine.owner) die()
    },
  }
}
