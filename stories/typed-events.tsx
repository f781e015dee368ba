import { defineSSE, text, useSSE } from 'eventwire'
import { useState } from 'react'
import { z } from 'zod'
import { EventRows } from './parts/event-rows.tsx'
import { Facts } from './parts/facts.tsx'
import { StatusPill } from './parts/status-pill.tsx'

const orders = defineSSE({
  url: '/api/orders',
  events: {
    order: z.object({ customer: z.string(), total: z.number() }),
    note: text(),
  },
})

export function Orders() {
  const [problems, setProblems] = useState<readonly string[]>([])
  const report = (problem: string) => setProblems((before) => [problem, ...before].slice(0, 5))
  const stream = useSSE(orders, {
    history: 20,
    onError: (error) => report(error.message),
    onUndeclared: ({ type }) => report(`Nobody declared '${type}'`),
  })
  // Typed by the schema: { customer: string, total: number }.
  const order = stream.latest.order?.data

  return (
    <div className="columns">
      <section className="card">
        <div className="card-head">
          <h2>Orders</h2>
          <StatusPill {...stream} />
        </div>
        <Facts
          values={{
            'Last order': order ? `${order.customer}, € ${order.total.toFixed(2)}` : '–',
            'Last note': stream.latest.note?.data ?? '–',
          }}
        />
        <ul className="problems" aria-label="Problems, newest first">
          {problems.map((problem, index) => (
            <li className="note" data-tone="warn" key={problems.length - index}>
              {problem}
            </li>
          ))}
        </ul>
      </section>
      <section className="card">
        <div className="card-head">
          <h2>What could be read</h2>
        </div>
        <EventRows label="Events, newest first" events={stream.history} />
      </section>
    </div>
  )
}
