import { createSSEClient } from 'eventwire/core'
import { createSSEServer } from 'eventwire/testing/node'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Scenario } from '../../src/testing/node/scenario.js'
import { playScenario } from '../../src/testing/node/play-scenario.js'
import { parseScenario } from '../../src/testing/node/scenario.js'

describe('parseScenario', () => {
  const step = (one: unknown) => JSON.stringify({ steps: [one] })

  it('takes every kind of step, and has defaults', () => {
    const steps = [
      { send: { type: 'metrics', id: '7', data: { cpu: '{{random 0 100}}' }, retry: 500 } },
      { comment: 'still here' },
      { wait: 1_000 },
      { repeat: 3, steps: [{ send: { data: null } }] },
      { drip: {} },
      { burst: { times: 3, status: 500 } },
      ...['end', 'cut', 'stall', 'refuse', 'heal'].map((kind) => ({ [kind]: true })),
    ]
    expect(parseScenario(JSON.stringify({ steps }))).toEqual({ url: '/events', replay: 100, loop: false, steps })
    expect(parseScenario(JSON.stringify({ url: '/a', replay: 0, loop: true, steps }))).toMatchObject({ url: '/a', replay: 0, loop: true })
  })

  it.each<[json: string, says: string | RegExp]>([
    ['{', /^The scenario is not JSON: /],
    ['[]', 'the scenario must be an object, not []'],
    ['{}', 'the scenario needs steps'],
    ['{"steps":[]}', 'steps must be a list of steps, not []'],
    ['{"steps":[{"wait":1}],"lop":true}', "the scenario has 'lop', which is none of url, replay, loop, steps"],
    ['{"steps":[{"wait":1}],"url":"events"}', "url must be a path, as '/events' is, not \"events\""],
    ['{"steps":[{"wait":0}],"loop":true}', 'the scenario has a loop without a wait, which would never rest'],
    ['{"steps":[{"wait":1}],"loop":"yes"}', 'loop must be true or false, not "yes"'],
    [step('send'), 'steps[0] must be an object, not "send"'],
    [step({}), /^steps\[0\] must have one of send, comment, wait, .*, not \{\}$/],
    [step({ wait: 1, cut: true }), /^steps\[0\] must have one of/],
    [step({ sent: 1 }), /^steps\[0\] has 'sent', which is none of send, comment, /],
    [step({ toString: 1 }), /^steps\[0\] has 'toString', which is none of/],
    [step({ send: {} }), 'steps[0].send needs data, id or retry'],
    [step({ send: { type: 'a\nb', data: 1 } }), 'steps[0].send.type must be one line, not "a\\nb"'],
    [step({ send: { event: 'a' } }), "steps[0].send has 'event', which is none of type, id, data, retry"],
    [step({ send: { id: 7 } }), 'steps[0].send.id must be a string, not 7'],
    [step({ wait: -1 }), 'steps[0].wait must be a whole number, 0 or more, not -1'],
    [step({ repeat: 2 }), 'steps[0].steps must be a list of steps'],
    [step({ repeat: 2, steps: [{ wait: 1 }, { wait: 'a' }] }), 'steps[0].steps[1].wait must be a whole number, 0 or more, not "a"'],
    [step({ wait: 1, steps: [] }), 'steps[0] has steps without repeat'],
    [step({ cut: false }), 'steps[0].cut must be true, not false'],
    [step({ burst: { status: 500 } }), 'steps[0].burst needs times'],
    [step({ burst: { times: 1, status: 200 } }), 'steps[0].burst.status must be a whole number, 400 or more, not 200'],
    [step({ burst: { times: 1, status: 700 } }), 'steps[0].burst.status must be a status from 400 to 599, not 700'],
    [step({ drip: { bytes: 0 } }), 'steps[0].drip.bytes must be a whole number, 1 or more, not 0'],
  ])('%s', (json, says) => {
    expect(() => parseScenario(json)).toThrow(TypeError)
    expect(() => parseScenario(json)).toThrow(typeof says === 'string' ? new TypeError(says) : says)
  })
})

describe('playScenario', { timeout: 60_000 }, () => {
  const leave: (() => unknown)[] = []
  afterEach(async () => {
    for (const one of leave.splice(0).reverse()) await one()
  })

  async function setup() {
    const server = await createSSEServer({ url: '/events', replay: 100 })
    leave.push(() => server.close())
    const seen: unknown[] = []
    const client = createSSEClient({ retry: { baseMs: 1, maxMs: 1 } })
    leave.push(client.subscribe(server.url, { onMessage: (data, { type }) => seen.push([type, data]) }))
    await until(() => expect(server.connections[0]?.state).toBe('open'))
    return { server, seen }
  }

  /** However busy the machine is: a second, the runner's own limit, is no part of what is tested. */
  const until = (holds: () => void) => vi.waitFor(holds, { timeout: 20_000, interval: 5 })

  const scenario = (steps: Scenario['steps'], loop = false): Scenario => ({ url: '/events', replay: 100, loop, steps })

  it('does what it says, and fills the places', async () => {
    const { server, seen } = await setup()
    const before = Date.now()
    const places = { n: '{{n}}', text: 'no. {{n}}', at: '{{now}}', die: ['{{random 6 6}}', 1, null], plain: '{{no}}' }
    await playScenario(
      server,
      scenario([
        { repeat: 2, steps: [{ send: { data: '{{n}}' } }, { comment: 'a' }] },
        { wait: 1 },
        { burst: { times: 1 } },
        { cut: true },
        { send: { type: 'filled', data: places } },
        { drip: { bytes: 1, everyMs: 60_000 } },
        { heal: true },
      ]),
      new AbortController().signal,
    )
    await until(() => expect(seen).toHaveLength(3))
    const filled = { n: 3, text: 'no. 3', at: expect.any(Number), die: [6, 1, null], plain: '{{no}}' }
    expect(seen).toEqual([['message', 1], ['message', 2], ['filled', filled]])
    expect((seen[2] as [string, { at: number }])[1].at).toBeGreaterThanOrEqual(before)
  })

  it('ends streams, refuses, stalls', async () => {
    const { server } = await setup()
    const { signal } = new AbortController()
    await playScenario(server, scenario([{ refuse: true }, { end: true }]), signal)
    await until(() => expect(server.connections[0]?.state).toBe('closed'))
    await expect(fetch(server.url)).rejects.toThrow('fetch failed')
    await playScenario(server, scenario([{ heal: true }]), signal)
    await until(() => expect(server.connections.at(-1)?.state).toBe('open'))
    await playScenario(server, scenario([{ cut: true }, { stall: true }]), signal)
    await until(() => expect(server.connections.at(-1)?.state).toBe('pending'))
  })

  it('loops until it is stopped', async () => {
    const { server, seen } = await setup()
    const stop = new AbortController()
    const playing = playScenario(server, scenario([{ send: { data: '{{n}}' } }, { wait: 1 }], true), stop.signal)
    await until(() => expect(seen.length).toBeGreaterThan(3))
    stop.abort()
    await playing
    expect(seen.slice(0, 3)).toEqual([1, 2, 3].map((n) => ['message', n]))
  })
})
