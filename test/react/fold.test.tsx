import { expect, it } from 'vitest'
import { createFold } from '../../src/react/fold.js'
import { harness } from '../client/harness.js'

it("takes a newer stream's history from its beginning, though its events count anew", async () => {
  const { client, clock, transport } = harness()
  const slot = client.bind()
  const fold = createFold<string>((list, { raw }) => list + raw, '')
  const asked = slot.ask([], '/events', { history: 5, onMessage: (_, event) => fold.take(event) })
  const key = asked?.key ?? ''
  slot.update(asked)
  const leave = fold.attach(slot, key, true, () => {})
  ;(await transport.connected()).sendBytes('data: 1\n\ndata: 2\n\ndata: 3\n\n')
  leave()
  await clock.advance(0)

  const other = client.subscribe('/events', { history: 5 })
  ;(await transport.connected()).sendBytes('data: 4\n\ndata: 5\n\n')
  const leaveAgain = fold.attach(slot, key, true, () => {})
  expect(fold.shown(slot, key)).toBe('12345')
  leaveAgain()
  other()
  await clock.advance(0)
  expect(clock.pending).toBe(0)
})
