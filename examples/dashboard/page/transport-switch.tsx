import { transport, TRANSPORTS } from './stream.ts'

/** Links, so that the choice is in the address: it can be kept, sent, and opened in a tab beside the others. */
export function TransportSwitch() {
  return (
    <nav className="segments" aria-label="Transport">
      {TRANSPORTS.map((name) => (
        <a key={name} href={hrefOf(name)} aria-current={name === transport ? 'page' : undefined}>
          {name}
        </a>
      ))}
    </nav>
  )
}

function hrefOf(name: string): string {
  const query = new URLSearchParams(location.search)
  query.set('transport', name)
  return `?${query}`
}
