import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, waitFor } from 'storybook/test'
import { TabBoard } from './tab-board.tsx'
import code from './tab.tsx?raw'

const meta = {
  title: 'One connection for all tabs',
  component: TabBoard,
  tags: ['tabs', 'cross-tab'],
  args: { tabs: 10 },
  argTypes: { tabs: { control: { type: 'range', min: 1, max: 12, step: 1 } } },
  parameters: {
    docs: {
      description: {
        component:
          'Over HTTP/1.1 a browser opens six connections to a server, and the seventh tab hangs. With `crossTabTransport` ' +
          'one tab owns the connection, and the others hear it. Each frame here is a page of its own, as a tab is. Kill the ' +
          'owner: another goes on from where it was, and nothing is lost or doubled.',
      },
      source: { code },
    },
  },
} satisfies Meta<typeof TabBoard>

export default meta
type Story = StoryObj<typeof meta>

export const TenTabs: Story = {
  async play({ canvas, step, userEvent }) {
    const fact = (name: string) => canvas.getByText(name, { selector: 'dt' }).nextElementSibling?.textContent
    const owners = () => canvas.queryAllByText('owner', { selector: '.frame-role' })
    const ticks = () => canvas.getAllByRole('listitem').map((tab) => tab.querySelector('iframe')?.contentDocument?.querySelector('b')?.textContent)

    await step('Ten tabs, one connection', async () => {
      await waitFor(() => expect(owners()).toHaveLength(1))
      await waitFor(() => expect(ticks().filter((tick) => Number(tick) > 0)).toHaveLength(10))
      await expect(fact('Connections')).toBe('1')
      await expect(fact('Requests so far')).toBe('1')
    })

    await step('Another goes on when the owner is killed', async () => {
      const before = fact('Owner')
      await userEvent.click(canvas.getByRole('button', { name: 'Kill the owner' }))
      await waitFor(() => expect(owners()).toHaveLength(1))
      await waitFor(() => expect(fact('Owner')).not.toBe(before))
      const [tick = '0'] = ticks()
      await waitFor(() => expect(ticks().every((now) => Number(now) > Number(tick))).toBe(true))
      await expect(fact('Connections')).toBe('1')
      await expect(fact('Lost or doubled')).toBe('0')
    })
  },
}
