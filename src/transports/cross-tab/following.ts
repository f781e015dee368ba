import type { Clock } from '../../protocol/clock.js'
import type { Transport, TransportRequest, TransportSink } from '../../protocol/transport.js'
import type { Entry, Numbered, OwnerMessage, OwnerState } from './message.js'
import type { Position } from './position.js'
import { headerOfText } from '../../protocol/header-text.js'
import { createCatchUp } from './catch-up.js'
import { errorOf } from './message.js'
import { isSame } from './position.js'

type Welcome = Extract<OwnerMessage, { is: 'welcome' }>
type Events = Extract<OwnerMessage, { is: 'events' }>
type Lead = Extract<OwnerMessage, { is: 'lead' }>

/** So many events are held while it is found out what lies before them, or UTF-16 code units of their data. */
const HELD = 10_000
const HELD_TEXT = 8 * 1024 * 1024
/** So long a new owner has for its answer before readers are told that there is none, in ms. */
const HUSH_MS = 1_000

/** The tab that hears a shared stream from its owner. */
export interface FollowerOwner {
  readonly clock: Clock
  readonly inner: Transport
  /** `null` while nobody here reads. */
  sink(): TransportSink | null
  request(): TransportRequest
  /** Whether an attempt of its own can begin at a cursor. */
  canResume(): boolean
  position(): Position
  /** Asks the owner for what came after this tab's place. */
  hello(question: number): void
}

/** How a tab keeps up with the owner of a shared stream: nothing lost, nothing doubled, whoever owns it. */
export interface Following {
  lead(message: Lead): void
  welcome(message: Welcome): void
  events(message: Events): void
  state(state: OwnerState): void
  /** Asks anew where it stands. */
  ask(): void
  /** Readers see an open stream. */
  readonly isOpen: boolean
  /** Owns it itself now, or reads no more. */
  stop(open: boolean): void
}

// Longer than a screen: its functions share what it knows, and each is short. What had a state of its own is a file of its own.
export function createFollowing(owner: FollowerOwner): Following {
  const { clock } = owner
  let asking = false
  let question = 0
  let held: Numbered[] = []
  let heldText = 0
  let isOpen = false
  /** The owner's request whose answer readers were told of. */
  let shown = 0
  let hush: unknown
  /** What the owner said of its connection last: it may come while there is no time for it. */
  let latest: OwnerState = { is: 'connecting', asked: 0 }

  const catchUp = createCatchUp({
    ...owner,
    deliver,
    done(rest, isGap) {
      drain(rest)
      show(latest, isGap ? 'gap' : 'exact')
    },
    open: () => show(latest, 'exact'),
  })

  function deliver(entry: Entry) {
    const sink = owner.sink()
    if (!sink) return
    owner.position().take(entry)
    const [type, data, lastEventId] = entry
    if (type === null) sink.cursor?.(lastEventId)
    else sink.event({ type, data, lastEventId })
  }

  /** `false` where something is missing before it. */
  function apply({ seq, entry }: Numbered): boolean {
    const position = owner.position()
    if (seq > position.seq + 1) return false
    if (seq <= position.seq) {
      if (!position.at(seq)) return true
      for (let place = seq; place <= position.seq; place++) {
        const had = position.at(place)
        if (!had || !isSame(had, entry)) continue
        // What lies between this tab had, too, and the server replayed none of it: events without an id.
        position.rename(position.lineage, position.seq - (place - seq))
        return true
      }
      // The server did not replay what this tab had and the new owner had not: it goes on from now.
      position.forget()
      position.rename(position.lineage, seq - 1)
    }
    deliver(entry)
    return true
  }

  function drain(rest: readonly Numbered[]) {
    for (const [index, numbered] of rest.entries()) {
      if (!owner.sink()) return
      if (apply(numbered)) continue
      hold(rest.slice(index))
      return ask()
    }
  }

  function hold(more: readonly Numbered[]) {
    for (const numbered of more) {
      held.push(numbered)
      heldText += numbered.entry[1].length
    }
    // Who waits in vain for so much asks again, for what is kept of it.
    if (held.length > HELD || heldText > HELD_TEXT) release()
  }

  function release(): Numbered[] {
    const before = held
    held = []
    heldText = 0
    return before
  }

  function ask() {
    if (asking) return
    asking = true
    owner.hello(++question)
  }

  /** What readers are told of the owner's connection. */
  function show(state: OwnerState, how: 'exact' | 'gap' | 'said') {
    const sink = owner.sink()
    if (!sink) return
    clock.clearTimeout(hush)
    if (state.is === 'waiting') {
      isOpen = false
      const { retryAt, error, attempt, planned } = state
      sink.waiting({ retryAt, error: error ? errorOf(error) : undefined, attempt, planned })
    } else if (state.is === 'connecting') {
      if (isOpen) hush = clock.setTimeout(quiet, HUSH_MS)
      else sink.activity()
    } else if (!isOpen || state.asked !== shown) {
      // An answer to another request: there may be a gap, and readers are told of that at an open.
      isOpen = true
      shown = state.asked
      const { lastId } = owner.position()
      const gapless = how === 'exact' || (how === 'said' && state.vouched)
      const vouch = gapless && lastId !== '' ? headerOfText(lastId) : null
      const resumed = lastId !== '' && how !== 'gap' && (gapless || state.resumed)
      sink.open({
        owner: false,
        resumed,
        ...(state.status !== undefined && { status: state.status }),
        ...(vouch !== null && { headers: new Headers({ 'last-event-id': vouch }) }),
      })
    }
  }

  function quiet() {
    isOpen = false
    owner.sink()?.waiting()
  }

  return {
    get isOpen() {
      return isOpen
    },
    lead({ lineage, seq, lastId }) {
      const position = owner.position()
      asking = false
      release()
      catchUp.stop()
      clock.clearTimeout(hush)
      if (isOpen) hush = clock.setTimeout(quiet, HUSH_MS)
      if (lineage === position.lineage) return seq > position.seq ? ask() : undefined
      // Without ids nobody knows what lies between: it is told at the open.
      const ahead = lastId === '' && position.lastId === '' ? [] : position.since({ lineage: '', seq: 0, lastId })
      // Who has nothing yet is given the newest.
      if (!ahead || position.seq === 0) return ask()
      return position.rename(lineage, seq + ahead.length)
    },
    welcome({ question: answered, lineage, seq, batch, how, state }) {
      if (!asking || answered !== question) return
      asking = false
      latest = state
      const position = owner.position()
      const first = seq - batch.length + 1
      const rest = [...batch.map((entry, index) => ({ seq: first + index, entry })), ...release()]
      if (how === 'gap') return catchUp.start(lineage, rest)
      if (lineage !== position.lineage) position.rename(lineage, first - 1)
      drain(rest)
      show(state, how === 'exact' ? 'exact' : 'gap')
    },
    events({ first, batch, bytes, commented, retry }) {
      const sink = owner.sink()
      if (!sink) return
      sink.activity(bytes)
      if (commented) sink.comment?.('')
      if (retry !== undefined) sink.retry(retry)
      const numbered = batch.map((entry, index) => ({ seq: first + index, entry }))
      if (catchUp.isUnderWay) catchUp.ahead(numbered)
      else if (asking) hold(numbered)
      else drain(numbered)
    },
    state(state) {
      latest = state
      if (!asking && !catchUp.isUnderWay) show(state, 'said')
    },
    ask,
    stop(open) {
      clock.clearTimeout(hush)
      catchUp.stop()
      release()
      asking = false
      isOpen = open
    },
  }
}
