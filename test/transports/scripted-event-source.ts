import type { EventSourceLike } from 'eventwire/native'

/**
 * An EventSource whose every step is the test's. Real ones are tested against real servers, in Node by
 * `native-event-source.test.ts`, in Chromium by `test/browser/transports.test.tsx`; this one shows what none of them
 * does when it is told to:
 * - it goes on after `close()` and calls listeners that were removed: silence after `close()` is the transport's;
 * - it opens, loses and gives up between two lines of a test, where a real one waits for seconds by a clock of its own;
 * - it tells which types are listened to, and how it was made.
 */
export class ScriptedEventSource extends EventTarget implements EventSourceLike {
  /** All so far, oldest first. */
  static readonly made: ScriptedEventSource[] = []
  readyState = 0
  readonly listened: string[] = []

  constructor(
    readonly url: string,
    readonly init: { withCredentials: boolean },
  ) {
    super()
    ScriptedEventSource.made.push(this)
  }

  override addEventListener(type: string, listener: (event: Event) => void) {
    this.listened.push(type)
    super.addEventListener(type, listener)
  }

  override removeEventListener(type: string) {
    this.listened.splice(this.listened.indexOf(type), 1)
  }

  close() {
    this.readyState = 2
  }

  opens() {
    this.readyState = 1
    this.dispatchEvent(new Event('open'))
  }

  /** 0: it will ask again; 2: it gave up. */
  loses(readyState: 0 | 2) {
    this.readyState = readyState
    this.dispatchEvent(new Event('error'))
  }

  sends(data: string, lastEventId = '', type = 'message') {
    this.dispatchEvent(new MessageEvent(type, { data, lastEventId }))
  }
}
