import { useEffect, useLayoutEffect, useRef } from 'react'

/** So near to the end counts as there, in CSS pixels. */
const NEAR = 80

/** Keeps the end of the page in view while it grows, unless somebody has scrolled away from it. */
export function useStickToEnd(): void {
  const atEnd = useRef(true)
  useEffect(() => {
    const look = () => {
      const { scrollHeight } = document.documentElement
      atEnd.current = scrollHeight - innerHeight - scrollY < NEAR
    }
    addEventListener('scroll', look, { passive: true })
    return () => removeEventListener('scroll', look)
  }, [])
  useLayoutEffect(() => {
    if (atEnd.current) scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' })
  })
}
