import { useEffect, useState } from 'react'
import type { ChatStats } from '../server.ts'

/** Name, who answers, and a way to begin anew. Stays in view. */
export function Header({ onForget }: { onForget: (() => void) | null }) {
  const model = useModelName()
  return (
    <header className="header">
      <div className="header-inner">
        <span className="brand">
          <svg viewBox="0 0 32 32" width="24" height="24" aria-hidden="true">
            <rect width="32" height="32" rx="8" fill="var(--brand)" />
            <path
              d="M6 17h5l3-8 4 14 3-6h5"
              fill="none"
              stroke="#fff"
              strokeWidth="2.5"
              strokeLinecap="round"
              strokeLinejoin="round"
            />
          </svg>
          eventwire <span className="brand-part">chat</span>
        </span>
        {model && <span className="model">{model === 'local' ? 'local model' : model}</span>}
        {onForget && (
          <button type="button" className="button" onClick={onForget}>
            New chat
          </button>
        )}
      </div>
    </header>
  )
}

/** Who answers; `''` until that is known. */
function useModelName(): string {
  const [name, setName] = useState('')
  useEffect(() => {
    const asked = new AbortController()
    const ask = async () => {
      const response = await fetch('/stats', { signal: asked.signal })
      // A seam: the server says that this is what it answers.
      const { model } = (await response.json()) as ChatStats
      setName(model)
    }
    // The name is an ornament: where it can't be had, the page does without.
    ask().catch(() => {})
    return () => asked.abort()
  }, [])
  return name
}
