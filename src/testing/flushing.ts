import type { VirtualClock } from '../protocol/virtual-clock.js'
import type { MockConnection } from './mock-interface.js'
import type { VirtualPage } from './virtual-page.js'
import { answering } from './answering.js'

/** A connection whose methods have rendered what comes of them. */
export function flushing(handle: MockConnection, flushed: (run: () => void) => void, clock: VirtualClock): MockConnection {
  const wrap =
    <A extends unknown[]>(method: (...facts: A) => void) =>
    (...facts: A) =>
      flushed(() => method(...facts))
  const connection: MockConnection = {
    request: handle.request,
    answer: answering(() => connection, clock),
    get state() {
      return handle.state
    },
    closed: handle.closed,
    open: wrap(handle.open),
    send: wrap(handle.send),
    comment: wrap(handle.comment),
    sendBytes: wrap(handle.sendBytes),
    end: wrap(handle.end),
    drop: wrap(handle.drop),
    respond: wrap(handle.respond),
    stall: wrap(handle.stall),
  }
  return connection
}

/** The same of a page. */
export function flushingPage(page: VirtualPage, flushed: (run: () => void) => void): VirtualPage {
  const wrap =
    <A extends unknown[]>(method: (...facts: A) => void) =>
    (...facts: A) =>
      flushed(() => method(...facts))
  return Object.defineProperties(
    { ...page },
    {
      ...Object.getOwnPropertyDescriptors(page),
      ...Object.getOwnPropertyDescriptors({
        show: wrap(page.show),
        goOnline: wrap(page.goOnline),
        freeze: wrap(page.freeze),
        leave: wrap(page.leave),
        comeBack: wrap(page.comeBack),
      }),
    },
  )
}
