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

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5))
}
