// The page, as far as core needs it. Everything is looked up when asked: there may be no page.
interface Page {
  readonly visibilityState: string
  addEventListener(type: 'visibilitychange', listener: () => void): void
  removeEventListener(type: 'visibilitychange', listener: () => void): void
}

const page = () => (globalThis as { document?: Page }).document

/** Whether a URL leads away from the page's origin. Without a page nothing does. */
export function isOtherOrigin(url: string): boolean {
  const { document, location } = globalThis as { document?: { baseURI: string }; location?: { href: string; origin: string } }
  if (!location) return false
  // A `srcdoc` frame has its base and its origin from the page around it.
  const { origin = location.origin } = globalThis as { origin?: string }
  try {
    return new URL(url, document?.baseURI ?? location.href).origin !== origin
  } catch {
    return false
  }
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
