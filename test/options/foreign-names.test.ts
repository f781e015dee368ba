import type { SubscribeOptions } from 'eventwire/core'
import { createSSEClient } from 'eventwire/core'
import { describe, expect, it } from 'vitest'
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
  ])('%s: is told what it is here', (name, here) => {
    expect(refused({ [name]: 1 })).toThrow(`Unknown option '${name}'. Here that is ${here}`)
  })

  it.each([
    ['a part of an option, beside it', { baseMs: 5 }, "Unknown option 'baseMs'. It is a part of retry: pass retry: { baseMs: … }"],
    ['the same, of reset', { statuses: [410] }, "Unknown option 'statuses'. It is a part of reset: pass reset: { statuses: … }"],
    ['an option, in another', { retry: { headers: {} } }, "Unknown option 'retry.headers'. It is an option of its own: put it beside retry"],
    ['what was misspelt', { hedaers: {} }, "Unknown option 'hedaers'. Did you mean 'headers'?"],
    ['what is nothing like any', { zzzzzzzz: 1 }, /^Unknown option 'zzzzzzzz'\.$/],
    ['a name that every object has', { toString: 1 }, /^Unknown option 'toString'\.$/],
  ])('%s', (_, options, says) => {
    expect(refused(options)).toThrow(says)
  })

  it('a client says so, too', () => {
    expect(() => createSSEClient(untyped({ withCredentials: true }) as object)).toThrow("Here that is credentials: 'include'")
  })
})
