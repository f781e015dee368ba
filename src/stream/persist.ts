import type { PersistOptions } from '../options/persist-options.js'
import type { Clock } from '../protocol/clock.js'
import type { Cursor } from './cursor.js'
import type { DecodedView } from './decoded-view.js'
import type { Missed, Reader, Readers } from './readers.js'
import type { PersistRecord, StoredState } from './persist-record.js'
import type { Shelf } from './persist-storage.js'
import { identityText } from '../options/stream-key.js'
import { call } from './callback.js'
import { composeRecord, eventsOf, hashOf, readRecord } from './persist-record.js'
import { enlist, shelfOf, whenThere } from './persist-storage.js'

/** At most so often is a record written, unless the page goes away. */
const THROTTLE_MS = 1_000
/** So long a stream waits for its storage. */
const PATIENCE_MS = 1_000

/** The stream whose cursor, data and reducers' states are kept over a reload. */
export interface PersistOwner {
  readonly clock: Clock
  readonly readers: Readers
  readonly cursor: Cursor
  views(): Iterable<DecodedView>
  /** How many events have come. */
  events(): number
  /** A request has gone out: what a record says comes too late. */
  asked(): boolean
  /** A record came later than its readers: they are to see what was in it. */
  publish(): void
  /** A storage is used: what logs out forgets what is in it. */
  uses(shelf: Shelf): void
}

/** Keeps one record of a stream in a storage: the cursor, and all that was made of the events up to it. */
export interface Persist {
  /** What the first request waits for; `null` for nothing. */
  readonly ready: Promise<void> | null
  /** The cursor is one of a record: what comes is a resume, even for the first open. */
  readonly resumed: boolean
  joined(reader: Reader, view: DecodedView, isNew: boolean): void
  left(reader: Reader): void
  /** Something came that a record has. */
  changed(): void
  opened(): void
  /** All that was folded counts no more. */
  startOver(): void
  /** Writes now: the page may go away. */
  write(): void
  /** A logout: nothing is written until the stream is open again. */
  forget(): void
}

// Longer than a screen: its functions share what it knows, and each is short. What had a state of its own is a file of its own.
export function createPersist(owner: PersistOwner): Persist {
  const { clock, readers, cursor } = owner
  /** States of reducers that nobody has right now, by name: of the record, or of a reducer that left. */
  const parked = new Map<string, StoredState>()
  /** The first that was named: an inline storage is another object in every render. */
  let shelf: Shelf | null = null
  let begun = false
  let ready: Promise<void> | null = null
  let record: PersistRecord | null = null
  let resumed = false
  let timer: unknown = null
  /** There is a record, as far as we know. */
  let exists = false
  /** Someone removed it, in another tab perhaps: who logs out there is logged out here. */
  let barred = false
  let turn = 0
  let told = false

  function options(): PersistOptions | undefined {
    return readers.agreement.persist
  }

  function report(why: string, cause?: unknown) {
    if (told) return
    told = true
    const error = new Error(`eventwire: persist ${why}. What was kept is not there after a reload`, { cause })
    const fail = (): never => {
      throw error
    }
    call(readers.oldest.onUncaught, fail, undefined)
  }

  /** Runs what uses the storage: whatever it does, the stream goes on. */
  function using<T>(act: (on: Shelf, name: string, wanted: PersistOptions) => T): T | undefined {
    const wanted = options()
    try {
      if (!wanted || !(shelf ??= shelfOf(wanted.storage))) return undefined
      owner.uses(shelf)
      const answer = act(shelf, `eventwire:${wanted.key}`, wanted)
      if (answer instanceof Promise) answer.catch((cause: unknown) => report('could not use its storage', cause))
      return answer
    } catch (cause) {
      report('could not use its storage', cause)
      return undefined
    }
  }

  function begin() {
    if (begun || !options()) return
    begun = true
    if (owner.asked()) return
    const mine = turn
    const answer = using((on, name) => whenThere(on.get(name), (text) => mine === turn && take(text)))
    if (!(answer instanceof Promise)) return
    let late: unknown
    const patience = new Promise<void>((resolve) => {
      late = clock.setTimeout(() => {
        turn++
        report('waited a second for its storage, in vain')
        resolve()
      }, PATIENCE_MS)
    })
    ready = Promise.race([answer.catch(() => {}), patience]).then(() => {
      clock.clearTimeout(late)
      ready = null
      if (!record) return
      for (const view of owner.views()) view.restore(eventsOf(record))
      for (const reader of readers.list) give(reader)
      owner.publish()
    })
  }

  function take(text: unknown) {
    exists = typeof text === 'string'
    const wanted = options()
    const found = wanted && readRecord(text, wanted, hashOf(identityText(readers.oldest).text), clock.now())
    if (!found || owner.asked()) return
    record = found
    resumed = true
    cursor.move(record.cursor)
    for (const [name, [at, json]] of Object.entries(record.states)) parked.set(name, { cursor: at, events: 0, json, keep: null })
  }

  function give(reader: Reader) {
    const { keep, settings } = reader
    const name = settings.persistAs
    if (!keep || name === undefined) return
    const state = parked.get(name)
    parked.delete(name)
    const current = state?.cursor === cursor.value && state.events === owner.events()
    if (state && current) {
      // Who left and comes back has it.
      if (state.keep !== keep) keep.restore(JSON.parse(state.json))
    } else if (state || (resumed && owner.events() === 0)) lose(reader)
  }

  /** The stream went on without the state. */
  function lose({ missed, settings: { onReset, onUncaught } }: Reader) {
    const why: Missed = 'reset'
    if (missed) call(onUncaught, missed, why)
    if (onReset) call(onUncaught, onReset, { reason: 'storage' })
  }

  /** A reducer's state as JSON; `null` for what is none. */
  function stateOf({ keep, settings }: Reader): StoredState | null {
    if (!keep || settings.persistAs === undefined) return null
    try {
      const json = JSON.stringify(keep.read()) as string | undefined
      if (json !== undefined) return { cursor: cursor.value, events: owner.events(), json, keep }
      report(`can't write the state '${settings.persistAs}': it is no JSON`)
    } catch (cause) {
      report(`can't write the state '${settings.persistAs}'`, cause)
    }
    return null
  }

  function compose(wanted: PersistOptions): string | null {
    const states = new Map(parked)
    for (const reader of readers.list) {
      const state = stateOf(reader)
      if (state && reader.settings.persistAs !== undefined) states.set(reader.settings.persistAs, state)
    }
    const identity = hashOf(identityText(readers.oldest).text)
    const kept = [...owner.views()].flatMap((view) => [...view.kept()])
    const text = composeRecord(wanted, { identity, at: clock.now(), cursor: cursor.value, kept, states })
    if (text === undefined) report('has more to write than maxBytes')
    return text ?? null
  }

  function write() {
    clock.clearTimeout(timer)
    timer = null
    if (barred || ready) return
    const mine = ++turn
    void using((on, name, wanted) => {
      const text = compose(wanted)
      const { epoch } = on
      const isOver = () => mine !== turn || epoch !== on.epoch
      return whenThere(on.get(name), (now) => {
        if (isOver()) return undefined
        barred = exists && typeof now !== 'string'
        exists = false
        if (barred || (text === null && now == null)) return undefined
        if (text === null) return on.remove(name)
        return whenThere(enlist(on, name), () => {
          if (isOver()) return undefined
          exists = true
          return on.set(name, text)
        })
      })
    })
  }

  return {
    get ready() {
      return ready
    },
    get resumed() {
      return resumed
    },
    joined(reader, view, isNew) {
      begin()
      const name = reader.settings.persistAs
      const twice = reader.keep && readers.list.some((other) => other !== reader && other.keep && other.settings.persistAs === name)
      if (name !== undefined && twice) report(`has two reducers named '${name}' for one stream: give each a persistAs of its own`)
      if (ready) return
      // Who comes before the next event sees what is kept, as who came first.
      if (isNew && record && owner.events() === 0) view.restore(eventsOf(record))
      give(reader)
    },
    left(reader) {
      const state = options() && stateOf(reader)
      if (state && reader.settings.persistAs !== undefined) parked.set(reader.settings.persistAs, state)
    },
    changed() {
      if (timer === null && !barred && options()) timer = clock.setTimeout(write, THROTTLE_MS)
    },
    opened() {
      barred = false
    },
    startOver() {
      parked.clear()
      record = null
      resumed = false
    },
    write,
    forget() {
      clock.clearTimeout(timer)
      timer = null
      turn++
      barred = true
      exists = false
    },
  }
}

