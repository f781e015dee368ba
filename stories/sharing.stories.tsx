import type { Meta, StoryObj } from '@storybook/react-vite'
import type { SharingStage } from './sharing-stage.tsx'
import { useSyncExternalStore } from 'react'
import { expect, waitFor } from 'storybook/test'
import { count } from './count.ts'
import { Action } from './parts/action.tsx'
import { BackstageRow } from './parts/backstage-row.tsx'
import { Facts } from './parts/facts.tsx'
import { createSharingStage } from './sharing-stage.tsx'
import { Tiles } from './sharing.tsx'
import code from './sharing.tsx?raw'
import { staged } from './stage/staged.tsx'

function Backstage({ stage: { send } }: { stage: SharingStage }) {
  return (
    <BackstageRow name="Server">
      <Action label="One event" onPress={() => send(1)} />
      <Action label="1,000 events in one frame" onPress={() => send(1_000)} />
    </BackstageRow>
  )
}

function Outside({ stage: { sse, tally, sent } }: { stage: SharingStage }) {
  const renders = useSyncExternalStore(tally.subscribe, tally.renders)
  return (
    <section className="card">
      <div className="card-head">
        <h2>Seen from outside</h2>
      </div>
      <Facts
        values={{
          Connections: sse.connections.length,
          'Events sent': count(sent()),
          'Renders of all': count(renders),
        }}
      />
    </section>
  )
}

const { decorators, play } = staged(createSharingStage, { Backstage, Outside })

const meta = {
  title: 'Sharing',
  component: Tiles,
  decorators,
  args: { components: 50 },
  argTypes: { components: { control: { type: 'range', min: 0, max: 200, step: 1 } } },
  parameters: {
    docs: {
      description: {
        component:
          'Fifty components ask for the same URL, and the server sees one connection. A thousand events that arrive ' +
          'in one frame are one render of each component, not a thousand. Move the number of components in the ' +
          'controls: the connection stays.',
      },
      source: { code },
    },
  },
} satisfies Meta<typeof Tiles>

export default meta
type Story = StoryObj<typeof meta>

export const FiftyComponents: Story = {
  play: play(async ({ canvas, step, sse, time, tally, userEvent }) => {
    await sse.attempted()
    const fact = (name: string) => canvas.getByText(name, { selector: 'dt' }).nextElementSibling?.textContent
    const shown = (name: string) => Number(fact(name)?.replace(',', ''))

    await step('One connection', async () => {
      await time.advance(2_000)
      await waitFor(() => expect(shown('Events sent')).toBe(2))
      await expect(sse.connections).toHaveLength(1)
      await expect(canvas.getAllByRole('listitem')).toHaveLength(50)
    })

    await step('One render a frame', async () => {
      const before = tally.renders()
      await userEvent.click(canvas.getByRole('button', { name: '1,000 events in one frame' }))
      await time.advance(20)
      await waitFor(() => expect(shown('Events sent')).toBe(1_002))
      // The first event after a quiet time is published at once, all others with the next frame.
      await waitFor(() => expect(shown('Renders of all') - before).toBeLessThanOrEqual(100))
      await expect(shown('Renders of all')).toBeGreaterThan(before)
    })
  }),
}
