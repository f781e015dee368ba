import type { Meta, StoryObj } from '@storybook/react-vite'
import type { AttemptsStage } from './attempts.ts'
import { useSyncExternalStore } from 'react'
import { expect, waitFor, within } from 'storybook/test'
import { AttemptTimeline } from './attempt-timeline.tsx'
import { createAttemptsStage, SERVER_ACTIONS } from './attempts.ts'
import { ConnectionLife } from './connection-life.tsx'
import code from './connection-life.tsx?raw'
import { Action } from './parts/action.tsx'
import { BackstageRow } from './parts/backstage-row.tsx'
import { staged } from './stage/staged.tsx'

function Backstage({ stage }: { stage: AttemptsStage }) {
  const state = useSyncExternalStore(stage.subscribe, stage.state)
  return (
    <BackstageRow name="Server">
      {SERVER_ACTIONS.map((action) => (
        <Action
          key={action.label}
          label={action.label}
          disabled={action.when !== state}
          onPress={() => stage.act(action)}
        />
      ))}
    </BackstageRow>
  )
}

const { decorators, play } = staged(createAttemptsStage, { Backstage, Outside: AttemptTimeline })

const meta = {
  title: 'The life of a connection',
  component: ConnectionLife,
  decorators,
  parameters: {
    docs: {
      description: {
        component:
          'You are the server: accept the connection, break it, refuse it, and see what the app sees. A break and a ' +
          '503 are tried again, later each time; a 401 asks for fresh headers once, then fails; a 204 ends the ' +
          'stream for good; a planned end is resumed without an alarm. `close()` wins over an attempt that waits, ' +
          '`open()` goes on from the cursor.',
      },
      source: { code },
    },
  },
} satisfies Meta<typeof ConnectionLife>

export default meta
type Story = StoryObj<typeof meta>

export const EveryState: Story = {
  play: play(async ({ canvas, canvasElement, step, sse, time, userEvent }) => {
    const press = (name: string) => userEvent.click(canvas.getByRole('button', { name }))
    const status = (word: string) => waitFor(() => expect(canvas.getByRole('status')).toHaveTextContent(word))
    const asked = () => waitFor(() => expect(sse.connections.at(-1)?.state).toBe('pending'))
    const fact = (name: string) => canvas.getByText(name, { selector: 'dt' }).nextElementSibling?.textContent
    const error = (word: string) => waitFor(() => expect(fact('error')).toBe(word))

    await step('It opens and delivers', async () => {
      await status('Connecting')
      await asked()
      await press('Accept')
      await status('Live')
      await press('Send an event')
      await waitFor(() => expect(fact('data')).toBe('count 1'))
      await time.advance(6_000)
    })

    await step('A break and a 503 wait longer each time', async () => {
      await press('Break')
      await status('Reconnecting in 1 s')
      await error('network')
      await time.advance(1_000)
      await status('Reconnecting now')
      await press('503')
      await error('status')
      await time.advance(2_000)
      await press('Accept')
      await status('Live')
      await expect(sse.connections.at(-1)?.request.lastEventId).toBe('1')
    })

    await step('A planned end is resumed', async () => {
      await press('Send an event')
      await press('Planned end')
      await status('Resuming')
      await time.advance(4_000)
      await press('Accept')
      await status('Live')
    })

    await step('close() wins, open() goes on from the cursor', async () => {
      await press('close()')
      await status('Closed')
      await press('open()')
      await asked()
      await press('Accept')
      await status('Live')
    })

    await step('A 401 asks once more, then fails', async () => {
      await press('Break')
      await time.advance(1_000)
      await press('401')
      await asked()
      await press('401')
      await status('Failed')
      await error('unauthorized')
    })

    await step('A 204 is over for good', async () => {
      await press('reconnect()')
      await asked()
      await press('204')
      await status('Closed')
      await time.advance(60_000)
      const attempts = within(canvasElement).getByRole('list', { name: 'Attempts, oldest first' })
      await expect(within(attempts).getAllByRole('listitem').at(-1)).toHaveTextContent('204')
    })
  }),
}
