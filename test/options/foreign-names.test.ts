import { readFileSync } from 'node:fs'
import type { SubscribeOptions } from 'eventwire/core'
import { createSSEClient } from 'eventwire/core'
import { describe, expect, it } from 'vitest'
import { optionRules } from '../../src/options/option-rules.js'
import { harness } from '../client/harness.js'

// A seam: JavaScript does not see types.
const untyped = (options: unknown) => options as SubscribeOptions
const refused = (options: object) => () => harness().client.subscribe('/events', untyped(options))

describe('an option by the name that it has elsewhere', () => {
  it.each([
    ['withCredentials', "credentials: 'include'"],
    ['reconnectInterval', 'retry: { baseMs'],
    ['retryDelay', 'retry: { baseMs'],
    ['maxRetries', 'retry: { attempts }'],
    ['onEvent', 'onMessage, or useSSEEvent'],
    ['onmessage', 'onMessage'],
    ['openWhenHidden', 'pauseWhenHidden: false'],
    ['heartbeatTimeout', 'idleTimeout'],
    ['params', 'part of the url'],
    ['eventSourceOptions', "credentials: 'include'"],
    ['fetch', 'transport: fetchTransport({ fetch })'],
    ['signal', "openSSE's alone"],
    ['autoReconnect', 'retry, which is on'],
    ['retries', 'retry: { attempts }'],
    ['eventName', 'events: {'],
    ['skip', 'enabled: false'],
    ['maxEvents', 'history'],
    ['throttle', 'notify'],
    ['initialData', 'data ?? yours'],
    ['onConnect', 'onOpen'],
    ['endpoint', 'url'],
    ['stopWhen', 'until'],
    ['token', 'headers: { Authorization'],
    ['debug', 'client.observe'],
  ])('%s: is told what it is here', (name, here) => {
    expect(refused({ [name]: 1 })).toThrow(`Unknown option '${name}'. Here that is ${here}`)
  })

  it.each([
    ['a part of an option, beside it', { baseMs: 5 }, "Unknown option 'baseMs'. It is a part of retry: pass retry: { baseMs: … }"],
    ['the same, of reset', { statuses: [410] }, "Unknown option 'statuses'. It is a part of reset: pass reset: { statuses: … }"],
    ['an option, in another', { retry: { headers: {} } }, "Unknown option 'retry.headers'. It is an option of its own: put it beside retry"],
    ['what was misspelt, the nearest first', { lve: true }, "Unknown option 'lve'. Did you mean 'live'?"],
    ['letters that changed places', { ulr: '/a' }, "Unknown option 'ulr'. Did you mean 'url'?"],
    ['what was misspelt', { hedaers: {} }, "Unknown option 'hedaers'. Did you mean 'headers'?"],
    ['what is nothing like any', { zzzzzzzz: 1 }, /^Unknown option 'zzzzzzzz'\.$/],
    ['a name that every object has', { toString: 1 }, /^Unknown option 'toString'\.$/],
  ])('%s', (_, options, says) => {
    expect(refused(options)).toThrow(says)
  })

  it("a hook's own option is among those that may be meant", () => {
    const ask = () => harness().client.bind().ask([], '/events', untyped({ form: 'now' }), 'useSSEReducer')
    expect(ask).toThrow("Unknown option 'form'. Did you mean 'from'?")
  })

  it('a client says so, too', () => {
    expect(() => createSSEClient(untyped({ withCredentials: true }) as object)).toThrow("Here that is credentials: 'include'")
  })
})

it('no name of elsewhere is one of ours: it would never be told', () => {
  const names = readFileSync('src/options/foreign-names.ts', 'utf8').matchAll(/^ {2}\['([^']+)'/gm)
  const foreign = [...names].flatMap(([, list = '']) => list.split(' '))
  expect(foreign.length).toBeGreaterThan(100)
  expect(foreign.filter((name) => name in optionRules())).toEqual([])
  expect(foreign).toHaveLength(new Set(foreign).size)
})
