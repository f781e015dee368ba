import { useSSE } from 'eventwire'
import { useRenderTally } from './render-tally.ts'

/** Asks for the stream itself, as if it were alone. */
function Tile() {
  const { data } = useSSE<{ price: number }>('/api/prices')
  useRenderTally()
  return <li className="tile">{data?.price.toFixed(1) ?? '–'}</li>
}

export function Tiles({ components }: { components: number }) {
  return (
    <section className="card">
      <div className="card-head">
        <h2>{components} components, each with its own useSSE</h2>
      </div>
      <ul className="tiles" aria-label="Components">
        {Array.from({ length: components }, (_, index) => (
          <Tile key={index} />
        ))}
      </ul>
    </section>
  )
}
