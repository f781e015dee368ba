import { afterEach, expect, it, vi } from 'vitest'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.resetModules()
})

const load = () => import('../../src/testing/auto-verify.js')

it('verifies once after each test, every mock of it, where afterEach is global', async () => {
  const hooks: (() => Promise<void>)[] = []
  vi.stubGlobal('afterEach', (hook: () => Promise<void>) => hooks.push(hook))
  const { verifyAfterTest } = await load()
  const seen: string[] = []
  const sound = async () => void seen.push('sound')
  const broken = async () => {
    seen.push('broken')
    throw new Error('a connection leaked')
  }
  for (const verify of [broken, sound, broken]) verifyAfterTest(verify)
  expect(hooks).toHaveLength(1)
  await expect(hooks[0]?.()).rejects.toThrow('a connection leaked')
  expect(seen).toEqual(['broken', 'sound'])
  await hooks[0]?.()
  expect(seen).toHaveLength(2)
})

it("verifies one mock after the other: React's act can't overlap", async () => {
  const hooks: (() => Promise<void>)[] = []
  vi.stubGlobal('afterEach', (hook: () => Promise<void>) => hooks.push(hook))
  const { verifyAfterTest } = await load()
  const seen: string[] = []
  for (const name of ['first', 'second'])
    verifyAfterTest(async () => {
      seen.push(`${name} begins`)
      await Promise.resolve()
      seen.push(`${name} ends`)
    })
  await hooks[0]?.()
  expect(seen).toEqual(['first begins', 'first ends', 'second begins', 'second ends'])
})

it('leaves alone the mocks of tests that run beside the one which ends, until all have', async () => {
  const hooks: Record<string, (context?: object) => unknown> = {}
  for (const name of ['afterEach', 'afterAll']) vi.stubGlobal(name, (hook: () => unknown) => (hooks[name] = hook))
  const { verifyAfterTest } = await load()
  // A parameter would be Jest's `done`.
  expect(hooks['afterEach']).toHaveLength(0)
  const verify = vi.fn(async () => {})
  verifyAfterTest(verify)
  await hooks['afterEach']?.({ task: { concurrent: true } })
  expect(verify).not.toHaveBeenCalled()
  await hooks['afterAll']?.()
  expect(verify).toHaveBeenCalledOnce()
  verifyAfterTest(verify)
  await hooks['afterEach']?.({ task: {} })
  expect(verify).toHaveBeenCalledTimes(2)
})

it('verifies in later files too, where a runner does not isolate them', async () => {
  let testPath = '/first.test.ts'
  vi.stubGlobal('expect', { getState: () => ({ testPath }) })
  vi.stubGlobal('afterEach', vi.fn())
  const finished: (() => unknown)[] = []
  vi.stubGlobal('onTestFinished', (hook: () => unknown) => finished.push(hook))
  const { verifyAfterTest } = await load()
  const verify = vi.fn(async () => {})
  verifyAfterTest(verify)
  expect(finished).toHaveLength(0)
  testPath = '/second.test.ts'
  const later = vi.fn(async () => {})
  verifyAfterTest(later)
  verifyAfterTest(later)
  expect(finished).toHaveLength(1)
  await finished[0]?.()
  expect([verify, later].map(({ mock }) => mock.calls.length)).toEqual([0, 1])
})

it('asks Jest for no hook once its tests run: that alone would fail the test', async () => {
  const afterEachOfJest = vi.fn()
  vi.stubGlobal('afterEach', afterEachOfJest)
  const state = Symbol('JEST_STATE_SYMBOL')
  Object.assign(globalThis, { [state]: { hasStarted: true } })
  const { verifyAfterTest } = await load()
  verifyAfterTest(async () => {})
  expect(afterEachOfJest).not.toHaveBeenCalled()
  Reflect.deleteProperty(globalThis, state)
})

it.each([
  ['there is none', undefined],
  [
    'it is no place for a hook',
    () => {
      throw new Error('Hooks cannot be defined inside tests')
    },
  ],
])('leaves it to the test where %s', async (_, hook) => {
  vi.stubGlobal('afterEach', hook)
  const { verifyAfterTest } = await load()
  expect(() => verifyAfterTest(async () => {})).not.toThrow()
})
