// The page, as far as core needs it. Everything is looked up when asked: there may be no page.
interface Page {
  readonly visibilityState: string
  addEventListener(type: 'visibilitychange', listener: () => void): void
  removeEventListener(type: 'visibilitychange', listener: () => void): void
}

const page = () => (globalThis as { document?: Page }).document

/** Whether a URL leads away from the page's origin. Without a page nothing does. */
export function isOtherOrigin(url: string): boolean {
  const { location } = globalThis as { location?: { origin: string; href: string } }
  return location !== undefined && new URL(url, location.href).origin !== location.origin
}

/** Whether nobody can see the page. Without a page: no. */
export function isHidden(): boolean {
  return page()?.visibilityState === 'hidden'
}

/** Calls `listener` when the page hides or shows; returns what stops that. */
export function onVisibilityChange(listener: () => void): () => void {
  const shown = page()
  shown?.addEventListener('visibilitychange', listener)
  return () => shown?.removeEventListener('visibilitychange', listener)
}
