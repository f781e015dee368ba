import { afterEach, expect, it, vi } from 'vitest'
import { systemPage } from '../../src/protocol/page.js'

afterEach(() => vi.unstubAllGlobals())

it('a worker has no document, and hears of its network all the same', () => {
  const target = new EventTarget()
  const navigator = { onLine: false }
  vi.stubGlobal('navigator', navigator)
  vi.stubGlobal('addEventListener', target.addEventListener.bind(target))
  vi.stubGlobal('removeEventListener', target.removeEventListener.bind(target))
  const changes: string[] = []
  const leave = systemPage.subscribe((change) => changes.push(`${change} ${systemPage.online}`))
  navigator.onLine = true
  target.dispatchEvent(new Event('online'))
  leave()
  target.dispatchEvent(new Event('offline'))
  expect([systemPage.visible, changes]).toEqual([true, ['online true']])
})

it('where there is neither, nothing is listened to', () => {
  expect(() => systemPage.subscribe(() => {})()).not.toThrow()
})
