import { vi } from 'vitest'

/** Channels whose messages wait, as those of a tab that has no time for them. */
export interface HeldChannels {
  /** Channels made from now on are held back when told to. Gives what holds those made since the last call. */
  group(): { hold(): void; release(): void }
}

/** Puts channels in place of the platform's, over the platform's. */
export function holdChannels(): HeldChannels {
  const { BroadcastChannel: Real } = globalThis
  interface Group {
    held: boolean
    queue: (() => void)[]
  }
  let current: Group = { held: false, queue: [] }
  vi.stubGlobal(
    'BroadcastChannel',
    class extends Real {
      override addEventListener(type: string, listener: EventListenerOrEventListenerObject) {
        const mine = current
        super.addEventListener(type, (event: Event) => {
          const deliver = () => (typeof listener === 'function' ? listener(event) : listener.handleEvent(event))
          if (mine.held) mine.queue.push(deliver)
          else deliver()
        })
      }
    },
  )
  return {
    group() {
      const mine: Group = { held: false, queue: [] }
      current = mine
      return {
        hold() {
          mine.held = true
        },
        release() {
          mine.held = false
          mine.queue.splice(0).forEach((deliver) => deliver())
        },
      }
    },
  }
}
