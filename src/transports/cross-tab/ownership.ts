import type { Clock } from '../../protocol/clock.js'
import type { Message } from './message.js'

/** Who wants to own a shared stream. */
export interface Candidate {
  /** It does, from now on. */
  won(): void
  /** Another took it. */
  lost(): void
  /** There are no locks here, though it looked as if. */
  refused(): void
  post(message: { readonly is: 'claim' }): void
}

/** One tab's place in the line for a shared stream. */
export interface Ownership {
  /** Takes it from an owner that does not answer, or whose connection is not wanted any more. */
  steal(): void
  /** Gives it up, or its place in the line. */
  leave(): void
  /** What others say: an election is held by it. */
  hear(message: Message): void
}

/** By a Web Lock: the browser gives it to the next in line as soon as its owner is gone, by whatever way. */
export function ownByLock(locks: LockManager, name: string, candidate: Candidate): Ownership {
  let left = false
  let release = () => {}
  let line = new AbortController()

  function ask(options: LockOptions) {
    const held = locks.request(name, options, () => {
      if (left) return undefined
      candidate.won()
      // What it began may have failed in the call.
      return left ? undefined : new Promise<void>((resolve) => (release = resolve))
    })
    held.catch((cause: unknown) => {
      if (left || options.signal?.aborted) return
      // A frame with an origin of its own has no locks.
      if (!(cause instanceof DOMException && cause.name === 'AbortError')) return candidate.refused()
      // Stolen.
      candidate.lost()
      wait()
    })
  }

  function wait() {
    line = new AbortController()
    ask({ signal: line.signal })
  }

  wait()
  return {
    steal() {
      line.abort()
      ask({ steal: true })
    },
    leave() {
      left = true
      line.abort()
      release()
    },
    hear() {},
  }
}

/** So long does a claim wait for objections, in ms. */
const OBJECTION_MS = 80
/** So long does who stood back wait for the one it stood back for. */
const AGAIN_MS = 400

/** By claims on the channel, where there are no locks: pages without https have none. The lowest name wins. */
export function ownByElection(clock: Clock, me: string, candidate: Candidate): Ownership {
  let timer: unknown
  let owner = false
  let forced = false

  function wait(ms: number, then: () => void) {
    clock.clearTimeout(timer)
    timer = clock.setTimeout(then, ms)
  }

  function stand() {
    candidate.post({ is: 'claim' })
    wait(OBJECTION_MS, () => {
      owner = true
      forced = false
      candidate.won()
    })
  }

  stand()
  return {
    steal() {
      forced = true
      if (!owner) stand()
    },
    leave: () => clock.clearTimeout(timer),
    hear(message) {
      if (message.is === 'claim') {
        if (!owner && message.from < me) wait(AGAIN_MS, stand)
      } else if (message.is === 'bye') {
        if (!owner) stand()
      } else if ('epoch' in message && message.is !== 'over') {
        if (owner) {
          // Whoever the seat listens to has the higher epoch.
          owner = false
          candidate.lost()
        }
        if (!forced || message.is === 'lead') {
          forced = false
          clock.clearTimeout(timer)
        }
      }
    },
  }
}
