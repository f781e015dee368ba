import { createVirtualPage } from 'eventwire/testing'
import { describe, expect, it } from 'vitest'
import { createNotifier } from '../../src/stream/notifier.js'
import { createVirtualClock } from '../../src/protocol/virtual-clock.js'

function setup(frameMs: number | null = 16) {
  const page = createVirtualPage()
  const clock = createVirtualClock({ now: 0, frameMs })
  const times: number[] = []
  const notifier = createNotifier(clock, page, () => times.push(clock.now()))
  page.subscribe(() => page.visible && notifier.shown())
  return { page, clock, times, notifier }
}

describe('notifier', () => {
  it('publishes the first at once, then at most once a frame', async () => {
    const { clock, times, notifier } = setup()
    for (let ms = 0; ms < 100; ms++) {
      notifier.mark('frame')
      await clock.advance(1)
    }
    expect(times).toEqual([0, 16, 32, 48, 64, 80, 96])
  })

  it('publishes at once again after a quiet time', async () => {
    const { clock, times, notifier } = setup()
    notifier.mark('frame')
    await clock.advance(50)
    notifier.mark('frame')
    expect(times).toEqual([0, 50])
  })

  it('uses a timer where there are no frames', async () => {
    const { clock, times, notifier } = setup(null)
    notifier.mark('frame')
    notifier.mark('frame')
    await clock.advance(100)
    expect(times).toEqual([0, 16])
  })

  it('trails by 250 ms while the page is hidden, and publishes when it shows', async () => {
    const { page, clock, times, notifier } = setup()
    page.show(false)
    notifier.mark('frame')
    await clock.advance(249)
    expect(times).toEqual([])
    await clock.advance(1)
    expect(times).toEqual([250])
    notifier.mark('frame')
    await clock.advance(100)
    page.show(true)
    expect(times).toEqual([250, 350])
  })

  it('does not wait for frames that never come, as in an iframe out of view, which counts as visible', async () => {
    const { clock, times, notifier } = setup(1_000_000)
    notifier.mark('frame')
    notifier.mark('frame')
    await clock.advance(250)
    expect(times).toEqual([0, 250])
    expect(clock.pending).toBe(0)
  })

  it('publishes with every mark when asked to', () => {
    const { times, notifier } = setup()
    notifier.mark('sync')
    notifier.mark('sync')
    expect(times).toEqual([0, 0])
  })

  it('leaves the time to a scheduler, once at a time', () => {
    const { times, notifier } = setup()
    const flushes: (() => void)[] = []
    const scheduler = (flush: () => void) => void flushes.push(flush)
    notifier.mark(scheduler)
    notifier.mark(scheduler)
    expect([flushes.length, times.length]).toEqual([1, 0])
    flushes[0]?.()
    flushes[0]?.()
    notifier.mark(scheduler)
    expect([flushes.length, times.length]).toEqual([2, 1])
  })

  it('releases its frame and its timer when it publishes for another reason', async () => {
    const { clock, times, notifier } = setup()
    notifier.mark('frame')
    notifier.mark('frame')
    expect(clock.pending).toBe(2)
    notifier.flush()
    expect([clock.pending, times.length]).toEqual([0, 2])
    await clock.advance(1_000)
    expect(times).toHaveLength(2)
  })
})
