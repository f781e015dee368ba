import { afterEach, describe, expect, it, vi } from 'vitest'
import { harness } from '../client/harness.js'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

/** A page whose client reads so many streams of one server: all but the last are answered. */
async function readMany(count: number, host: string) {
  vi.stubGlobal('location', { href: 'http://app.test/', origin: 'http://app.test' })
  const warn = vi.spyOn(console, 'warn').mockReturnValue()
  const parts = harness()
  const leave = Array.from({ length: count }, (_, index) => parts.client.subscribe(`http://${host}/events/${index}`))
  for (let index = 1; index < count; index++) await parts.transport.connected()
  const last = await parts.transport.attempted()
  return { ...parts, warn, last, leave }
}

const said = (host: string) => new RegExp(`http://${host} has not answered a stream for 5 s while 6 others to it are open.*Serve HTTP/2`)

describe('six connections to one origin', () => {
  it('leave a seventh stream without an answer: development says why, once', async () => {
    const { clock, warn, last } = await readMany(7, 'full.test')
    await clock.advance(4_999)
    expect(warn).not.toHaveBeenCalled()
    await clock.advance(1)
    expect(warn.mock.calls).toEqual([[expect.stringMatching(said('full.test'))]])
    last.open()
    await clock.advance(60_000)
    expect(warn).toHaveBeenCalledTimes(1)
  })

  it.each<[string, (page: Awaited<ReturnType<typeof readMany>>) => void]>([
    ['that answers in time', ({ last }) => last.open()],
    ['beside one that has gone meanwhile', ({ leave }) => leave[0]?.()],
    ['that nobody reads any more', ({ leave }) => leave[6]?.()],
  ])('say nothing of a stream %s', async (what, act) => {
    const page = await readMany(7, `fine-${what.length}.test`)
    await page.clock.advance(4_000)
    act(page)
    await page.clock.advance(10_000)
    expect(page.warn).not.toHaveBeenCalled()
  })

  it('are five too few to be the reason', async () => {
    const { clock, warn } = await readMany(6, 'five.test')
    await clock.advance(10_000)
    expect(warn).not.toHaveBeenCalled()
  })

  it('are no limit over HTTP/2, as far as the browser tells', async () => {
    vi.stubGlobal('performance', { getEntriesByType: () => [{ name: 'http://two.test/logo.svg', nextHopProtocol: 'h2' }] })
    const { clock, warn } = await readMany(7, 'two.test')
    await clock.advance(10_000)
    expect(warn).not.toHaveBeenCalled()
  })

  it('are no limit where there is no page', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    const { client, clock, transport } = harness()
    for (let index = 0; index < 7; index++) client.subscribe(`http://node.test/events/${index}`)
    for (let index = 1; index < 7; index++) await transport.connected()
    await clock.advance(10_000)
    expect(warn).not.toHaveBeenCalled()
  })
})
