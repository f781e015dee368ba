import type { WireEvent } from '../../protocol/format-event.js'
import type { SSEServer } from './create-sse-server.js'
import type { Scenario, Step } from './scenario.js'
import { setTimeout as wait } from 'node:timers/promises'

/** Does what a scenario says, to its end or until the signal. */
export async function playScenario(server: SSEServer, { steps, loop }: Scenario, signal: AbortSignal): Promise<void> {
  let n = 0
  const fill = (event: WireEvent): WireEvent => ({ ...event, data: filled(event.data, ++n) })

  async function play(all: readonly Step[]): Promise<void> {
    for (const step of all) {
      if (signal.aborted) return
      if ('send' in step) server.send(fill(step.send))
      else if ('comment' in step) server.comment(step.comment)
      else if ('wait' in step) await wait(step.wait, undefined, { signal }).catch(() => {})
      else if ('repeat' in step) for (let round = 0; round < step.repeat; round++) await play(step.steps)
      else if ('end' in step) for (const connection of server.connections) end(connection)
      else if ('drip' in step) server.drip(step.drip)
      else if ('burst' in step) server.burst(step.burst.times, step.burst.status)
      else if ('cut' in step) server.cut()
      else if ('stall' in step) server.stall()
      else if ('refuse' in step) server.refuse()
      else await server.heal()
    }
  }

  do await play(steps)
  while (loop && !signal.aborted)
}

function end({ state, end: finish }: SSEServer['connections'][number]): void {
  if (state === 'open') finish()
}

/** Puts something into the places of a value: `{{n}}`, `{{now}}`, `{{random 0 100}}`. */
function filled(value: unknown, n: number): unknown {
  if (typeof value === 'string') return fillText(value, n)
  if (Array.isArray(value)) return value.map((one) => filled(one, n))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, filled(one, n)]))
}

function fillText(value: string, n: number): string | number {
  const place = /\{\{(n|now|random (-?\d+) (-?\d+))\}\}/g
  const put = (_: string, what: string, from = '0', to = '0') => {
    if (what === 'n') return String(n)
    return String(what === 'now' ? Date.now() : Math.floor(Number(from) + Math.random() * (Number(to) - Number(from) + 1)))
  }
  const text = value.replace(place, put)
  // A string that is nothing but a place becomes a number.
  return new RegExp(`^${place.source}$`).test(value) ? Number(text) : text
}
