import { useSSE } from 'eventwire'
import { useState } from 'react'
import { oneDecimal } from './format.ts'
import { dashboard } from './stream.ts'

const MOST = 40

/** Any number of components, each with its own `useSSE` of the same stream: still one connection. */
export function Readers({ initial, viewers }: { initial: number; viewers: number }) {
  const [count, setCount] = useState(Math.min(Math.max(0, initial), MOST))

  return (
    <section className="card readers" aria-labelledby="readers-title">
      <div className="card-head">
        <h2 id="readers-title">One connection for all</h2>
        <div className="stepper" role="group" aria-label="Number of components">
          <button type="button" className="button" aria-label="One less" onClick={() => setCount(Math.max(0, count - 1))}>
            −
          </button>
          <output>{count}</output>
          <button type="button" className="button" aria-label="One more" onClick={() => setCount(Math.min(MOST, count + 1))}>
            +
          </button>
        </div>
      </div>
      <p className="readers-count">
        Each tile calls <code>useSSE</code> itself. The server has <strong data-testid="viewers">{viewers}</strong>{' '}
        open {viewers === 1 ? 'connection' : 'connections'}, all tabs together.
      </p>
      <ul className="tiles">
        {Array.from({ length: count }, (_, index) => (
          <Reader key={index} />
        ))}
      </ul>
    </section>
  )
}

function Reader() {
  const { latest } = useSSE(dashboard)
  const cpu = latest.metrics?.data.cpu
  return (
    <li className="tile" data-testid="reader">
      {cpu === undefined ? '–' : oneDecimal(cpu)}
    </li>
  )
}
