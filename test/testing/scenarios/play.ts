import type { RequestBody, SSEClient, SSEEvent, SSESnapshot } from 'eventwire/core'
import type { MockConnection } from 'eventwire/testing'
import { expect } from 'vitest'
import type { Scenario, Step } from './scenario.js'

/** A server of some kind, and a client that leads to it. */
export interface Place {
  readonly client: SSEClient
  /** The next attempt, however long the client waits before it. */
  next(): Promise<MockConnection>
  /** Waits until `holds` throws no more. */
  until(holds: () => void): Promise<void>
}

/** What went over the wire, without what every client of a network says of itself. */
const HEADERS = ['accept', 'authorization', 'content-type', 'last-event-id', 'x-app']

/** Plays a scenario at a place; gives all that the app and the server saw of it. */
export async function play({ options, steps }: Scenario, { client, next, until }: Place): Promise<string[]> {
  const log: string[] = []
  let events = 0
  const subscribe = (who: string) =>
    client.subscribe({
      url: '/events',
      notify: 'sync',
      onOpen: ({ status, resumed }) => log.push(`${who} opened: ${status} ${resumed}`),
      onResume: ({ resumed, gapPossible }) => log.push(`${who} resumed: ${resumed}, a gap ${gapPossible}`),
      onMessage(data: unknown, { type, lastEventId }: SSEEvent) {
        events++
        log.push(`${who} got: ${type} ${JSON.stringify(data)} ${lastEventId}`)
      },
      onError: ({ code, status, body, retryable }) => log.push(`${who} failed: ${code} ${status} ${body} ${retryable}`),
      onClose: ({ reason }) => log.push(`${who} closed: ${reason}`),
      ...options,
    })

  async function attempt() {
    const connection = await next()
    const { method, url, headers, body, lastEventId } = connection.request
    const sent = HEADERS.flatMap((name) => (headers[name] === undefined ? [] : `${name}: ${headers[name]}`))
    const path = url.replace(/^https?:\/\/[^/]+/, '')
    log.push(`server got: ${method} ${path} ${sent.join(', ')} ${written(body)} cursor ${lastEventId}`)
    return connection
  }

  async function take(step: Step) {
    if (step === 'next') connection = await attempt()
    else if (step === 'join') readers.push(subscribe('second'))
    else if (typeof step === 'string') connection[step]()
    else if ('send' in step) connection.send(step.send)
    else if ('bytes' in step) connection.sendBytes(step.bytes)
    else if ('comment' in step) connection.comment(step.comment)
    else if ('respond' in step) connection.respond(...step.respond)
    else if ('see' in step) await until(() => expect(first.getSnapshot()).toMatchObject(step.see))
    else if ('events' in step) await until(() => expect(events).toBe(step.events))
    else if (step.app === 'closeAll' || step.app === 'reconnectAll') client[step.app]()
    else first[step.app]()
  }

  const first = subscribe('first')
  const readers = [first]
  let connection = await attempt()
  for (const step of steps) await take(step)
  log.push(...readers.map((reader) => `at last: ${told(reader.getSnapshot())}`))
  readers.forEach((reader) => reader())
  await until(() => expect(connection.state).toBe('closed'))
  return log
}

/** What the kit gives as the app gave it is compared as the network has it. */
function written(body: RequestBody | undefined): string {
  return body instanceof URLSearchParams ? body.toString() : typeof body === 'string' ? body : ''
}

function told({ status, data, lastEventId, error, attempt, history, reconnectReason }: SSESnapshot): string {
  const kept = history.map((event) => `${event.type} ${JSON.stringify(event.data)}`)
  return JSON.stringify({ status, data, lastEventId, error: error?.code, message: error?.message, attempt, kept, reconnectReason })
}
