import type { Meta, StoryObj } from '@storybook/react-vite'
import type { MockStage } from './stage/stage.ts'
import { expect } from 'storybook/test'
import { BoundedHistory } from './bounded-history.tsx'
import code from './bounded-history.tsx?raw'
import { Action } from './parts/action.tsx'
import { BackstageRow } from './parts/backstage-row.tsx'
import { createStage } from './stage/stage.ts'
import { staged } from './stage/staged.tsx'

interface ReadingsStage extends MockStage {
  send(count: number): void
}

const EVERY_MS = 1_000

function createReadingsStage(): ReadingsStage {
  let sent = 0
  const stage = createStage('/api/readings', { onConnection: (connection) => connection.open() })
  const { connections, clock } = stage.sse

  function send(count: number) {
    const connection = connections.at(-1)
    for (const last = sent + count; sent < last; )
      connection?.send({ id: String(++sent), type: 'reading', data: { celsius: 18 + (sent % 7) / 2 } })
  }
  function sendOn() {
    send(1)
    clock.setTimeout(sendOn, EVERY_MS)
  }
  clock.setTimeout(sendOn, EVERY_MS)
  return { ...stage, send }
}

function Backstage({ stage: { send } }: { stage: ReadingsStage }) {
  return (
    <BackstageRow name="Server">
      <Action label="One event" onPress={() => send(1)} />
      <Action label="1,000 events" onPress={() => send(1_000)} />
    </BackstageRow>
  )
}

const { decorators, play } = staged(createReadingsStage, { Backstage })

const meta = {
  title: 'Bounded history',
  component: BoundedHistory,
  decorators,
  args: { bound: 8 },
  argTypes: { bound: { control: { type: 'range', min: 0, max: 50, step: 1 } } },
  parameters: {
    docs: {
      description: {
        component:
          '`history: 8` keeps the last eight events, however many arrive: nothing grows for as long as a page is ' +
          'open. `seq` counts the events of the stream and makes a React key. Change the bound in the controls: the ' +
          'connection stays.',
      },
      source: { code },
    },
  },
} satisfies Meta<typeof BoundedHistory>

export default meta
type Story = StoryObj<typeof meta>

export const Bounded: Story = {
  play: play(async ({ canvas, step, sse, time, userEvent }) => {
    await sse.attempted()
    await canvas.findByText('0 arrived, 0 kept, 8 at most')

    await step('It fills', async () => {
      await time.advance(5_000)
      await canvas.findByText('5 arrived, 5 kept, 8 at most')
    })

    await step('It stays bounded', async () => {
      await userEvent.click(canvas.getByRole('button', { name: '1,000 events' }))
      await canvas.findByText('1,005 arrived, 8 kept, 8 at most')
      const ids = canvas.getAllByRole('listitem').map((row) => Number.parseInt(row.textContent ?? '', 10))
      await expect(ids).toEqual(Array.from({ length: 8 }, (_, index) => 1005 - index))
    })
  }),
}
