import { responseError } from 'eventwire/core'
import { mockTransport } from 'eventwire/testing'
import { expect, it } from 'vitest'
import { recordAttempt } from '../../src/testing/conformance/recorded-attempt.js'

const page = 'x'.repeat(5_000)

it.each([404, 200])('of the body of a %i that is no event stream the error keeps 1,024 characters', async (status) => {
  expect(responseError(status, new Headers(), page)?.body).toBe(page.slice(0, 1_024))
  const transport = mockTransport()
  const recorded = recordAttempt(transport, { url: 'http://x/events' })
  ;(await transport.attempted()).respond(status, { 'content-type': 'text/plain' }, page)
  expect(recorded.of('fail')[0]?.error.body).toBe(page.slice(0, 1_024))
})

it('a body that is not known stays so', () => {
  expect(responseError(404, new Headers())?.body).toBeUndefined()
})
