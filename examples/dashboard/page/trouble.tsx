import { useState } from 'react'
import { client } from './client.ts'
import { freeze, goOffline } from './page.ts'

interface Kind {
  name: string
  label: string
  what: string
  /** Whether it breaks something that must be there to break. */
  needsStream: boolean
  /** What the page does by itself. */
  here?: () => void
  /** What the server is asked for; `null` for nothing. Default: the name. */
  there?: string | null
}

/** So long is the page without a network, or frozen, in ms: long enough for a look. */
const A_WHILE = 5_000

const KINDS: Kind[] = [
  {
    name: 'drop',
    label: 'Drop this connection',
    what: 'The socket is cut. The stream comes back and asks for what it missed.',
    needsStream: true,
  },
  {
    name: 'outage',
    label: 'Answer 503 for ten seconds',
    what: 'Every attempt is refused, for every client. Waits grow until one succeeds.',
    needsStream: false,
  },
  {
    name: 'restart',
    label: 'Restart the stream',
    what: 'Announced, then ended properly, for every client: planned, so nobody is alarmed.',
    needsStream: false,
  },
  {
    name: 'expire',
    label: 'Expire the token',
    what: 'The stream ends, the old token gets a 401, a fresh one is asked for, and it resumes.',
    needsStream: true,
  },
  {
    name: 'silence',
    label: 'Go silent for ten seconds',
    what: 'Every attempt is accepted and gets not a byte. The age of the last event tells.',
    needsStream: false,
  },
  {
    name: 'forget',
    label: 'Deploy, and forget the past',
    what: 'The cursor is too old: a 410, or an event where no status is seen. The page starts over, once.',
    needsStream: false,
  },
  {
    name: 'offline',
    label: 'Cut it without a network',
    what: 'It waits for the network instead of trying, and is back at once when that is.',
    needsStream: true,
    here: () => goOffline(A_WHILE),
    there: 'drop',
  },
  {
    name: 'freeze',
    label: 'Freeze this page for five seconds',
    what: 'As a browser does with a tab in the background: the stream is let go, and resumed from the cursor.',
    needsStream: true,
    here: () => freeze(A_WHILE),
    there: null,
  },
  {
    name: 'malformed',
    label: 'Send a malformed event',
    what: 'Its JSON does not parse. That is one error, and the stream goes on.',
    needsStream: true,
  },
]

/** Buttons that ask the server to break this page's stream. */
export function Trouble({ connected }: { connected: boolean }) {
  const [problem, setProblem] = useState<string | null>(null)

  const make = async ({ name, here, there = name }: Kind): Promise<void> => {
    here?.()
    if (there === null) return
    try {
      const response = await fetch(`/trouble/${there}?client=${client}`, { method: 'POST' })
      setProblem(response.ok ? null : `The server answered ${response.status}.`)
    } catch {
      setProblem('The server can not be reached.')
    }
  }

  return (
    <section className="card trouble" aria-labelledby="trouble-title">
      <div className="card-head">
        <h2 id="trouble-title">Make trouble</h2>
        <p className="trouble-problem" role="status">
          {problem}
        </p>
      </div>
      <ul>
        {KINDS.map((kind) => {
          const { name, label, what, needsStream } = kind
          const off = needsStream && !connected
          return (
            <li key={name}>
              {/* Not `disabled`, which would take the keyboard's focus away just when the button worked. */}
              <button
                type="button"
                className="action"
                data-testid={name}
                aria-disabled={off}
                aria-describedby={`${name}-what`}
                onClick={() => {
                  if (!off) void make(kind)
                }}
              >
                {label}
              </button>
              <p id={`${name}-what`}>{what}</p>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
