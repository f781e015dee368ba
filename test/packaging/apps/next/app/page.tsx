import { ticks } from '../ticks'
import { Newest } from './newest'

// Rendered for every request, not once in the build.
export const dynamic = 'force-dynamic'

export default function Page() {
  return (
    <main>
      <h1>
        {Object.keys(ticks.events).join()} from {ticks.url.toString()}
      </h1>
      <Newest />
    </main>
  )
}
