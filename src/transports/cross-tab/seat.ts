import type { Clock } from '../../protocol/clock.js'
import type { AfterAttempt, ResolvedRequest, Transport, TransportRequest, TransportSink } from '../../protocol/transport.js'
import type { Message, OwnerMessage } from './message.js'
import type { Ownership } from './ownership.js'
import { defectError } from 'eventwire/core'
import { askedBefore } from './request-variant.js'
import { createFollowing } from './following.js'
import { createLeading } from './leading.js'
import { errorOf } from './message.js'
import { ownByElection, ownByLock } from './ownership.js'
import { createPosition } from './position.js'
import { createProbe } from './probe.js'

/** An owner that asked the server so shortly before is as fresh as one who wants a fresh connection can be, in ms. */
const FRESH_MS = 1_000
/** So long a message to other tabs may take, in ms. */
const TOLD_MS = 100

/** A tab's place at a shared stream, over all attempts of one connection: it owns it, or hears it from who does. */
export interface Seat {
  readonly name: string
  /** Whether somebody sits there. */
  readonly isTaken: boolean
  /** Somebody will. */
  take(): void
  /** An attempt begins. `resolved`: what it is now. */
  sit(request: TransportRequest, sink: TransportSink, resolved: ResolvedRequest): void
  /** The attempt is over; another may begin in the same call. */
  rise(): void
  after(next: AfterAttempt): void
  listen(type: string): void
  /** Ends the stream in all tabs. */
  forget(): void
  leave(): void
}

let serial = 0

// Longer than a screen: its functions share what it knows, and each is short. What had a state of its own is a file of its own.
export function createSeat(name: string, inner: Transport, clock: Clock, left: () => void): Seat {
  // Random: pages without https have no randomUUID.
  const me = `${Math.random().toString(36).slice(2)}-${++serial}`
  const locks = (globalThis as { readonly navigator?: { readonly locks?: LockManager } }).navigator?.locks
  const types = new Set<string>()
  let position = createPosition('')
  let channel: BroadcastChannel | null = null
  let ownership: Ownership | null = null
  let isOwner = false
  /** The newest owner that was heard of. */
  let epoch = 0
  let leader = ''
  let taken = false
  let sink: TransportSink | null = null
  let request: TransportRequest | null = null
  /** What the request was when it was asked for, until time has passed. */
  let resolved: ResolvedRequest | null = null
  let canResume = false
  let isHeard = false
  /** A connection that is older is not wanted any more: a reader asked for a fresh one, or nothing came from it. */
  let freshSince: number | null = null
  /** The attempt before is over, and nothing was said of what comes next. */
  let risen = false
  let wasOpen = false

  const post = (message: Message) => channel?.postMessage(message)
  const say = (message: Saying) => post({ from: me, ...message })
  const shared = {
    clock,
    inner,
    position: () => position,
    sink: () => sink,
    request: () => wanted(),
    canResume: () => canResume,
    isHeard: () => isHeard,
  }
  const following = createFollowing({ ...shared, hello: (question) => say({ is: 'hello', question, ...position.place(), types: [...types] }) })
  const leading = createLeading({ ...shared, post: (message) => isOwner && post({ from: me, epoch, ...message }) })
  const probe = createProbe(clock, () => !locks || isVisible(), () => say({ is: 'ping' }), () => ownership?.steal())

  function wanted(): TransportRequest {
    if (!request) throw new TypeError('Nobody reads this stream')
    const now = resolved
    resolved = null
    return now ? askedBefore(request, now) : request
  }

  function enter() {
    channel = new BroadcastChannel(name)
    channel.addEventListener('message', onMessage)
    following.ask()
    ownership = locks ? ownByLock(locks, name, candidate) : ownByElection(clock, me, candidate)
    probe.start()
  }

  const candidate = {
    won() {
      isOwner = true
      epoch = Math.max(clock.now(), epoch + 1)
      leader = me
      probe.stop()
      number()
      if (sink) launch()
    },
    lost: stepDown,
    refused() {
      ownership = ownByElection(clock, me, candidate)
    },
    post: say,
  }

  /** It starts over, or begins where another program stopped. */
  function restart(cursor: string) {
    position = createPosition(cursor)
    if (!isOwner) return
    epoch++
    number()
  }

  /** Says from where it leads. */
  function number() {
    following.stop(following.isOpen)
    if (position.lineage === '') position.rename(`${me}-${epoch}`, position.seq)
    post({ from: me, epoch, is: 'lead', ...position.place() })
  }

  function launch() {
    const { isOpen } = following
    following.stop(false)
    try {
      leading.launch(wanted(), [...types], isOpen)
    } catch (cause) {
      sink?.fail(defectError(cause))
    }
  }

  /** Another owns it: what this tab lacks is asked of that one. */
  function stepDown() {
    if (!isOwner) return
    isOwner = false
    const { isOpen } = leading
    leading.stop()
    // Nobody sits there: who comes joins anew.
    if (!sink) return leave()
    following.stop(isOpen)
    probe.start()
    return following.ask()
  }

  function onMessage({ data }: MessageEvent) {
    isHeard = true
    // A seam: nobody else posts to a channel of this name.
    const message = data as Message
    if ('epoch' in message) return fromOwner(message)
    ownership?.hear(message)
    if (message.is === 'forget') {
      over(true)
      end(true)
    }
    if (isOwner) answer(message)
  }

  function answer(message: Message) {
    if (message.is === 'hello') leading.answer(message.from, message.question, message)
    if (message.is === 'hello' || message.is === 'types') addTypes(message.types)
    if (message.is === 'ping' || message.is === 'claim') post({ from: me, epoch, is: 'pong' })
  }

  function addTypes(more: readonly string[]) {
    more.forEach((type) => types.add(type))
    leading.listen(more)
  }

  function fromOwner(message: OwnerMessage & { readonly from: string }) {
    const { from } = message
    // An owner that came back from a suspension does not know yet that it is none.
    if (message.epoch < epoch || (message.epoch === epoch && from < leader)) return
    const isNew = from !== leader || message.epoch > epoch
    epoch = message.epoch
    leader = from
    resolved = null
    ownership?.hear(message)
    if (isOwner) stepDown()
    probe.heard()
    if (isNew && message.is !== 'lead' && message.is !== 'welcome') following.ask()
    hear(message)
  }

  function hear(message: OwnerMessage) {
    switch (message.is) {
      case 'lead':
        if (!inner.can.has('all-types')) say({ is: 'types', types: [...types] })
        return following.lead(message)
      case 'welcome':
        if (message.to !== me || !sink) return undefined
        if (freshSince !== null && message.state.asked < freshSince - FRESH_MS) ownership?.steal()
        freshSince = null
        return following.welcome(message)
      case 'events':
        return following.events(message)
      case 'state':
        return following.state(message.state)
      case 'over':
        return over(message.final, message)
      default:
        return undefined
    }
  }

  function over(final: boolean, { error = null }: { error?: Parameters<typeof errorOf>[0] | null } = {}) {
    const told = sink
    if (error) told?.fail(errorOf(error))
    else told?.end(final)
  }

  /** @param isOver - for all tabs, which are told so */
  function leave(isOver = false) {
    const old = ownership
    let told = isOver
    if (isOwner) {
      leading.stop()
      told = leading.ends() || told
      post({ from: me, epoch, is: 'bye' })
    }
    isOwner = false
    following.stop(false)
    probe.stop()
    ownership = null
    // A lock may be handed on faster than a message: who gets it would ask once more for what is over.
    if (told) clock.setTimeout(() => old?.leave(), TOLD_MS)
    else old?.leave()
    channel?.close()
    channel = null
  }

  function end(isOver = false) {
    leave(isOver)
    left()
  }

  return {
    name,
    get isTaken() {
      return taken
    },
    take() {
      taken = true
    },
    sit(asked, report, now) {
      request = asked
      sink = report
      resolved = now
      canResume = inner.can.has('cursor') || now.cursorParam !== undefined
      asked.types.forEach((type) => types.add(type))
      following.stop(false)
      if (position.lastId !== now.lastEventId) restart(now.lastEventId)
      if (!channel) enter()
      else if (isOwner) launch()
      else {
        if (risen) freshSince = clock.now()
        following.ask()
      }
      risen = false
    },
    rise() {
      taken = false
      sink = null
      risen = true
      wasOpen = following.isOpen
      if (isOwner) leading.stop()
      else following.stop(false)
      // Unless another attempt begins in the same call, or it was said when.
      queueMicrotask(() => {
        if (risen && !taken) end()
      })
    },
    after(next) {
      const { retryAt, error } = next
      risen = false
      if (retryAt === null) return end()
      if (isOwner) return leading.waits({ ...next, retryAt })
      // Nothing came from an owner that was there: its connection is dead.
      if (wasOpen && error?.code === 'timeout') freshSince = clock.now()
      return leave()
    },
    listen(type) {
      addTypes([type])
      if (!isOwner) say({ is: 'types', types: [type] })
    },
    forget() {
      say({ is: 'forget' })
      end(true)
    },
    leave: () => end(),
  }
}

/** Workers and programs without a page are never throttled as a hidden one is. */
function isVisible(): boolean {
  return typeof document === 'undefined' || document.visibilityState !== 'hidden'
}

type Saying = Message extends infer M ? (M extends { readonly epoch: number } ? never : Omit<M, 'from'>) : never
