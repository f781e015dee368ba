import type { Meta, StoryObj } from '@storybook/react-vite'
import type { WireEvent } from 'eventwire/testing'
import type { MockStage } from './stage/stage.ts'
import { expect, within } from 'storybook/test'
import { Action } from './parts/action.tsx'
import { BackstageRow } from './parts/backstage-row.tsx'
import { createStage } from './stage/stage.ts'
import { staged } from './stage/staged.tsx'
import { Orders } from './typed-events.tsx'
import code from './typed-events.tsx?raw'

const EVENTS: Record<string, WireEvent> = {
  'An order': { type: 'order', data: { customer: 'Ada', total: 42.5 } },
  'An order that the schema refuses': { type: 'order', data: { customer: 'Bob', total: 'a lot' } },
  'An order that is no JSON': { type: 'order', data: '{ "customer": ' },
  'A note': { type: 'note', data: 'The shop is open' },
  'A type that nobody declared': { type: 'odrer', data: {} },
}

function Backstage({ stage: { sse } }: { stage: MockStage }) {
  const send = (event: WireEvent) => {
    const connection = sse.connections.at(-1)
    connection?.send(event)
  }
  return (
    <BackstageRow name="Server">
      {Object.entries(EVENTS).map(([label, event]) => (
        <Action key={label} label={label} onPress={() => send(event)} />
      ))}
    </BackstageRow>
  )
}

const { decorators, play } = staged(
  () => createStage('/api/orders', { onConnection: (connection) => connection.open() }),
  { Backstage },
)

const meta = {
  title: 'Typed events',
  component: Orders,
  decorators,
  parameters: {
    docs: {
      description: {
        component:
          '`defineSSE` says once which events a stream has and how to read each: any Standard Schema (here zod), ' +
          '`json<T>()`, `text()` or a function. An event that can not be read is one error for `onError`; the stream ' +
          'goes on, and no other event is touched. Types that were not declared go to `onUndeclared` only.',
      },
      source: { code },
    },
  },
} satisfies Meta<typeof Orders>

export default meta
type Story = StoryObj<typeof meta>

export const OneInvalidEvent: Story = {
  play: play(async ({ canvas, step, sse, userEvent }) => {
    const press = (name: string) => userEvent.click(canvas.getByRole('button', { name }))
    const problems = within(canvas.getByRole('list', { name: 'Problems, newest first' }))
    const events = within(canvas.getByRole('list', { name: 'Events, newest first' }))
    await sse.attempted()
    await canvas.findByText('Live')

    await step('What fits the schema is typed', async () => {
      await press('An order')
      await canvas.findByText('Ada, € 42.50')
    })

    await step('What does not is one error', async () => {
      await press('An order that the schema refuses')
      await expect(await problems.findAllByRole('listitem')).toHaveLength(1)
    })

    await step('The stream goes on', async () => {
      await press('A note')
      await canvas.findAllByText('The shop is open')
      await expect(canvas.getByText('Live')).toBeVisible()
      await expect(canvas.getByText('Ada, € 42.50')).toBeVisible()
      await expect(events.getAllByRole('listitem')).toHaveLength(2)
      await expect(sse.connections).toHaveLength(1)
    })

    await step('A typo goes to onUndeclared', async () => {
      await press('A type that nobody declared')
      await problems.findByText("Nobody declared 'odrer'")
    })
  }),
}
