import type { Meta, StoryObj } from '@storybook/react-vite'
import type { ChatStage } from './chat-server.ts'
import { expect, waitFor } from 'storybook/test'
import { ChatAnswer } from './chat-answer.tsx'
import code from './chat-answer.tsx?raw'
import { ANSWER, createChatStage } from './chat-server.ts'
import { Action } from './parts/action.tsx'
import { BackstageRow } from './parts/backstage-row.tsx'
import { staged } from './stage/staged.tsx'

function Backstage({ stage: { fail, cut, expire } }: { stage: ChatStage }) {
  return (
    <BackstageRow name="Server">
      <Action label="Fail in the middle" onPress={fail} />
      <Action label="Cut the connection" onPress={cut} />
      <Action label="401 next" onPress={expire} />
    </BackstageRow>
  )
}

const { decorators, play } = staged(createChatStage, { Backstage })

const meta = {
  title: 'LLM answer by POST',
  component: ChatAnswer,
  decorators,
  tags: ['llm', 'post', 'auth'],
  args: { prompt: 'What is an answer?' },
  parameters: {
    docs: {
      description: {
        component:
          '`useSSERequest` sends a POST when it is started, never twice, and folds its answer to the end; `openAIChat()` ' +
          'says how the events of chat completions are read. Stop it and what came stays; ask again and nothing of the ' +
          'old answer shows; an error in the middle is one, and a broken answer goes on from its last id. The answer is ' +
          '`aria-busy` until it ends, and announced once. A 401 asks for fresh headers (auth) before anything is lost.',
      },
      source: { code },
    },
  },
} satisfies Meta<typeof ChatAnswer>

export default meta
type Story = StoryObj<typeof meta>

type Scene = Parameters<Parameters<typeof play>[0]>[0]

/** What the stories here look at and press. */
function at({ canvas, userEvent }: Scene) {
  const answer = () => canvas.getByRole('article', { name: 'Answer' })
  const fact = (name: string) => canvas.getByText(name, { selector: 'dt' }).nextElementSibling?.textContent
  return {
    answer,
    press: (name: string) => userEvent.click(canvas.getByRole('button', { name })),
    text: () => answer().textContent ?? '',
    fact,
    status: (word: string) => waitFor(() => expect(fact('status')).toBe(word)),
    announced: () => canvas.getByRole('status').textContent,
  }
}

export const StopAndAskAgain: Story = {
  name: 'Stop and ask again (LLM)',
  play: play(async (scene) => {
    const { answer, press, text, fact, status, announced } = at(scene)
    const { step, sse, time } = scene

    await step('Nothing is sent before it is started', async () => {
      await time.advance(1_000)
      await expect(sse.connections).toHaveLength(0)
    })

    await step('It comes word by word, and is busy', async () => {
      await press('Ask')
      await status('streaming')
      await time.advance(800)
      await waitFor(() => expect(text()).toBe('An answer is a stream with an end.'))
      await expect(answer()).toHaveAttribute('aria-busy', 'true')
      await expect(announced()).toBe('')
      await expect(sse.connections[0]?.request).toMatchObject({ method: 'POST', body: '{"prompt":"What is an answer?"}' })
    })

    await step('Stop keeps what came', async () => {
      await press('Stop')
      await status('stopped')
      await time.advance(2_000)
      await expect(text()).toBe('An answer is a stream with an end.')
      await expect(answer()).toHaveAttribute('aria-busy', 'false')
      await expect(sse.connections[0]?.state).toBe('closed')
    })

    await step('Asked again it begins anew, and comes to its end', async () => {
      await press('Ask again')
      await status('streaming')
      await time.advance(200)
      await waitFor(() => expect(text()).toBe('An answer'))
      await time.advance(8_000)
      await status('done')
      await expect(text()).toBe(ANSWER)
      await expect(fact('stop reason')).toBe('stop')
      await expect(announced()).toBe(ANSWER)
      await expect(sse.connections).toHaveLength(2)
    })
  }),
}

export const BrokenAndRefused: Story = {
  name: 'Break, go on, fail and 401 (auth)',
  play: play(async (scene) => {
    const { press, text, fact, status } = at(scene)
    const { step, sse, time } = scene

    await step('A connection that breaks leaves what came, and is gone on with', async () => {
      await press('Ask')
      await status('streaming')
      await time.advance(800)
      await press('Cut the connection')
      await status('failed')
      await expect(fact('error')).toBe('interrupted')
      await press('Go on')
      await time.advance(8_000)
      await status('done')
      await expect(text()).toBe(ANSWER)
      await expect(sse.connections.map(({ request }) => request.lastEventId)).toEqual(['', '8'])
    })

    await step('An error in the middle is said in the words of the model', async () => {
      await press('Ask again')
      await status('streaming')
      await time.advance(800)
      await press('Fail in the middle')
      await status('failed')
      await expect(fact('error')).toBe('refused')
      await scene.canvas.findByText('The model ran out of memory.')
      await expect(text()).toBe('An answer is a stream with an end.')
    })

    await step('A 401 asks once more, with fresh headers', async () => {
      await press('401 next')
      await press('Ask again')
      await status('streaming')
      await time.advance(8_000)
      await status('done')
      await expect(text()).toBe(ANSWER)
      await expect(sse.connections).toHaveLength(5)
    })
  }),
}
