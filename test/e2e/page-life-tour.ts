/** What a page says that went somewhere else and came back. */
export interface Tour {
  /** It was kept as it was meanwhile: the back/forward cache. */
  readonly persisted: boolean
  /** So long it took to have all that the server had sent by then, in ms. */
  readonly ms: number
  readonly wrong: number
  readonly errors: readonly string[]
  readonly first: number
}

const ENOUGH = 50

/** Goes elsewhere once it has read a while; elsewhere leads back. Then it says what came of it. */
export function travel(look: () => { readonly first: number; readonly last: number; readonly wrong: number }, errors: () => readonly string[]): void {
  // What is told while the page goes away: a page that is loaded anew knows nothing of it.
  addEventListener('pagehide', () => sessionStorage.setItem('errors', JSON.stringify(errors())))
  addEventListener('pageshow', async ({ persisted }) => {
    if (sessionStorage.getItem('tour') === null) {
      await until(() => look().last - look().first > ENOUGH)
      sessionStorage.setItem('tour', 'away')
      location.href = '/away'
      return
    }
    const since = performance.now()
    const goal = Number(await (await fetch('/last')).text())
    await until(() => look().last >= goal)
    const { wrong, first } = look()
    // A seam: it was written above.
    const before = JSON.parse(sessionStorage.getItem('errors') ?? '[]') as string[]
    const tour: Tour = { persisted, ms: performance.now() - since, wrong, first, errors: persisted ? errors() : [...before, ...errors()] }
    await fetch(`/back?${encodeURIComponent(JSON.stringify(tour))}`)
  })
}

/** What a page says that was loaded anew again and again. */
export interface Reloads {
  /** The first number that it ever added up, at its first load and now. */
  readonly first: readonly [number, number]
  readonly wrong: number
  readonly resets: number
  readonly errors: readonly string[]
}

interface Look {
  readonly sum: { readonly first: number; readonly last: number; readonly wrong: number }
  readonly errors: readonly string[]
  readonly resets: number
}

/** Loads itself anew, so many times, at moments of a small generator's; then it says what it has added up. */
export async function reloadAgain(times: number, shown: Look): Promise<void> {
  const done = Number(sessionStorage.getItem('reloads') ?? 0)
  await until(() => shown.sum.last > 0)
  if (done === 0) sessionStorage.setItem('first', `${shown.sum.first}`)
  if (done < times) {
    sessionStorage.setItem('reloads', `${done + 1}`)
    await new Promise((resolve) => setTimeout(resolve, (done * 7_919) % 1_300))
    location.reload()
    return
  }
  const goal = Number(await (await fetch('/last')).text())
  await until(() => shown.sum.last >= goal)
  const { sum, resets, errors } = shown
  const told: Reloads = { first: [Number(sessionStorage.getItem('first')), sum.first], wrong: sum.wrong, resets, errors }
  await fetch(`/back?${encodeURIComponent(JSON.stringify(told))}`)
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5))
}
