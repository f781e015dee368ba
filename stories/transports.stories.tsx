import type { Meta, StoryObj } from '@storybook/react-vite'
import type { NetworkStage } from './network.ts'
import { expect, waitFor, within } from 'storybook/test'
import { createNetworkStage } from './network.ts'
import { Action } from './parts/action.tsx'
import { BackstageRow } from './parts/backstage-row.tsx'
import { staged } from './stage/staged.tsx'
import { SideBySide } from './transports.tsx'
import code from './transports.tsx?raw'

const EVENTS: Record<string, string> = {
  'A message': 'data: hello',
  'An alert': 'event: alert\ndata: the disk is full',
  'An id without data': '',
  'Empty data': 'data:',
}

function Backstage({ stage: { send, leave } }: { stage: NetworkStage }) {
  return (
    <BackstageRow name="Server">
      {Object.entries(EVENTS).map(([label, fields]) => (
        <Action key={label} label={label} onPress={() => send(fields)} />
      ))}
      <Action label="Be away for 10 s" onPress={() => leave(10_000)} />
    </BackstageRow>
  )
}

const { decorators, play } = staged(createNetworkStage, { Backstage })

const meta = {
  title: 'Transports side by side',
  component: SideBySide,
  decorators,
  args: { types: [] },
  parameters: {
    docs: {
      description: {
        component:
          'The same bytes to all three. `fetch` delivers everything that the standard calls an event, and says why a ' +
          'stream broke. `native` delivers the types that someone named, and never learns of a status or of an id ' +
          'without data. `fetch-event-source` drops events whose data is empty. The server is in the page: ' +
          'the testing kit answers a `fetch`, and an `EventSource` is built on it by the standard.',
      },
      source: { code },
    },
  },
} satisfies Meta<typeof SideBySide>

export default meta
type Story = StoryObj<typeof meta>

const NAMES = ['fetch', 'native', 'fetch-event-source']

export const OneStream: Story = {
  play: play(async ({ canvas, step, server, time, userEvent }) => {
    const press = (name: string) => userEvent.click(canvas.getByRole('button', { name }))
    const column = (name: string) => within(canvas.getByRole('region', { name }))
    const label = (of: string, name: string) => column(of).getByText(name, { selector: 'dt' })
    const all = (name: string) => NAMES.map((of) => label(of, name).nextElementSibling?.textContent)
    const facts = (name: string, values: string[]) => waitFor(() => expect(all(name)).toEqual(values))
    const live = () => waitFor(() => NAMES.forEach((name) => column(name).getByText('Live')))

    await step('Three connections to one server', async () => {
      await live()
      await expect(server.connections).toHaveLength(3)
    })

    await step('Messages reach all, named events not those over native', async () => {
      await press('A message')
      await press('An alert')
      await time.advance(20)
      await facts('Delivered', ['2', '1', '2'])
    })

    await step('What the standard says of blocks without data, fetch does', async () => {
      await press('An id without data')
      await time.advance(20)
      await facts('Cursor', ['3', '1', '3'])
      await press('Empty data')
      await time.advance(20)
      await facts('Delivered', ['3', '2', '2'])
      await facts('Cursor', ['4', '4', '4'])
    })

    await step('A server that is away', async () => {
      await press('Be away for 10 s')
      await facts('Error', ['network', '–', 'network'])
      await time.advance(5_000)
      await facts('Error', ['status', 'native-closed', 'status'])
      await press('A message')
      await time.advance(60_000)
      await live()
      await facts('Delivered', ['4', '3', '3'])
      await facts('Cursor', ['5', '5', '5'])
    })
  }),
}

/** Over native, too, alerts arrive, as soon as their type is named. */
export const TypesNamed: Story = {
  args: { types: ['alert'] },
  play: play(async ({ canvas, userEvent }) => {
    await waitFor(() => expect(canvas.getAllByText('Live')).toHaveLength(3))
    await userEvent.click(canvas.getByRole('button', { name: 'An alert' }))
    await waitFor(() => expect(canvas.getAllByText('the disk is full')).toHaveLength(3))
  }),
}
