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
