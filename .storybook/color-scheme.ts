import { useSyncExternalStore } from 'react'

const system = matchMedia('(prefers-color-scheme: dark)')

function subscribe(changed: () => void): () => void {
  // The toolbar's choice is an attribute of the page.
  const chosen = new MutationObserver(changed)
  chosen.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  system.addEventListener('change', changed)
  return () => {
    chosen.disconnect()
    system.removeEventListener('change', changed)
  }
}

function isDark(): boolean {
  const { theme } = document.documentElement.dataset
  return theme === 'dark' || (theme !== 'light' && system.matches)
}

/** Whether the page is dark, by the toolbar's choice or else the system's. */
export const useDark = (): boolean => useSyncExternalStore(subscribe, isDark)
