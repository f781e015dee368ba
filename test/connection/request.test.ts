import { afterEach, describe, expect, it, vi } from 'vitest'
import { isOtherOrigin } from '../../src/protocol/page.js'
import { resolveRequest } from '../../src/connection/request.js'
import { harness } from '../client/harness.js'

afterEach(() => vi.unstubAllGlobals())

it('headers that a list names twice are both sent, as Headers does', async () => {
  const { client, transport } = harness()
  client.subscribe('/events', { headers: [['X-Tag', 'a'], ['x-tag', 'b']] })
  expect((await transport.attempted()).request.headers['x-tag']).toBe('a, b')
})

describe('lastEventIdParam', () => {
  it('a cursor that neither URL nor header carries was not sent, whoever vouches', async () => {
    const { client, clock, transport } = harness()
    const onResume = vi.fn()
    client.subscribe('/events', { lastEventIdParam: 'since', replays: true, onResume })
    const first = await transport.connected()
    first.send({ id: 'x'.repeat(9_000), data: 1 })
    first.drop()
    await clock.advance(2_000)
    expect((await transport.connected()).request.url).toBe('/events')
    expect(onResume.mock.calls).toEqual([[{ resumed: false, gapPossible: true }]])
  })

  it('leaves the rest of the query as it is', async () => {
    const { client, transport } = harness()
    const urls: string[] = []
    for (const url of ['/e?name=%E9&flag&q=a%20b#part', '/e?since=1&a', '/e?', '/e']) {
      client.subscribe(url, { lastEventIdParam: 'since', lastEventId: 'π 7' })
      urls.push((await transport.attempted()).request.url)
    }
    expect(urls).toEqual([
      '/e?name=%E9&flag&q=a%20b&since=%CF%80+7#part',
      '/e?a&since=%CF%80+7',
      '/e?since=%CF%80+7',
      '/e?since=%CF%80+7',
    ])
  })

  it('takes the place of the header where CORS may refuse that', async () => {
    vi.stubGlobal('location', new URL('https://app.test/page'))
    const slot = harness().client.bind()
    const inURL = async (url: string) => {
      const settings = slot.ask([], url, { lastEventIdParam: 'since' })?.settings
      return settings && (await resolveRequest(settings, '7', (question) => question({ reason: 'connect', signal: new AbortController().signal }))).cursorInURL
    }
    expect(await Promise.all(['/e', 'https://app.test/e', 'https://api.test/e'].map(inURL))).toEqual([false, false, true])
  })
})

it('what is no URL leads nowhere else', () => {
  vi.stubGlobal('location', new URL('https://app.test/page'))
  expect([isOtherOrigin('https://:bad'), isOtherOrigin('https://api.test')]).toEqual([false, true])
})

it('a srcdoc frame has the base and the origin of the page around it', () => {
  vi.stubGlobal('location', { href: 'about:srcdoc', origin: 'null' })
  vi.stubGlobal('document', { baseURI: 'https://app.test/page' })
  vi.stubGlobal('origin', 'https://app.test')
  expect([isOtherOrigin('/events'), isOtherOrigin('https://api.test')]).toEqual([false, true])
})

it("the default of credentials is EventSource's, said or not", async () => {
  const { client, clock, transport } = harness()
  client.subscribe('/events')
  client.subscribe('/events', { credentials: 'same-origin' })
  await clock.advance(0)
  expect(transport.connections).toHaveLength(1)
})
