import type { Meta, StoryObj } from '@storybook/react-vite'
import type { MetricsStage } from './metrics-server.ts'
import { expect, waitFor } from 'storybook/test'
import { LiveDashboard } from './live-dashboard.tsx'
import code from './live-dashboard.tsx?raw'
import { createMetricsStage } from './metrics-server.ts'
import { Action } from './parts/action.tsx'
import { BackstageRow } from './parts/backstage-row.tsx'
import { staged } from './stage/staged.tsx'

function Backstage({ stage: { breakAll, deploy, leave } }: { stage: MetricsStage }) {
  return (
    <BackstageRow name="Server">
      <Action label="Break the stream" onPress={breakAll} />
      <Action label="Deploy" onPress={deploy} />
      <Action label="Be away for 10 s" onPress={() => leave(10_000)} />
    </BackstageRow>
  )
}

const { decorators, play } = staged(createMetricsStage, { Backstage })

const meta = {
  title: 'Live dashboard',
  component: LiveDashboard,
  decorators,
  parameters: {
    docs: {
      description: {
        component:
          'Three hooks read one stream: `useSSE` the snapshot and the log, `useSSEReducer` the samples (none is ' +
          'skipped), `useSSEEvent` the deploys. They share one connection. Break it: the numbers go pale, the stream ' +
          'comes back from its cursor, and the server replays what was missed, so the chart has no gap. A deploy ' +
          'ends the stream as planned, which alarms nobody.',
      },
      source: { code },
    },
  },
} satisfies Meta<typeof LiveDashboard>

export default meta
type Story = StoryObj<typeof meta>

export const Live: Story = {
  play: play(async ({ canvas, step, sse, time, userEvent }) => {
    await sse.attempted()
    const ids = () => canvas.getAllByRole('listitem').map((row) => Number.parseInt(row.textContent ?? '', 10))

    await step('Events arrive', async () => {
      await canvas.findByText('Live')
      await time.advance(1_000)
      await waitFor(() => expect(ids()[0]).toBe(82))
    })

    await step('It outlives a break, and misses nothing', async () => {
      await userEvent.click(canvas.getByRole('button', { name: 'Break the stream' }))
      await canvas.findByText('Reconnecting')
      await time.advance(3_000)
      await canvas.findByText('Live')
      await waitFor(() => expect(ids()).toEqual(Array.from({ length: 40 }, (_, index) => 88 - index)))
      await expect(sse.connections.map(({ request }) => request.lastEventId)).toEqual(['', '82'])
    })

    await step('A deploy alarms nobody', async () => {
      await userEvent.click(canvas.getByRole('button', { name: 'Deploy' }))
      await canvas.findByText('Resuming')
      await time.advance(3_000)
      await canvas.findByText('Production, version 2.5')
      await expect(sse.connections).toHaveLength(3)
    })
  }),
}
