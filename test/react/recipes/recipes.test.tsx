import { render, screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { createMockSSE } from 'eventwire/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import { Answer } from '../../../examples/recipes/answer.js'
import { Banner } from '../../../examples/recipes/banner.js'
import { Bell } from '../../../examples/recipes/bell.js'
import { Dashboard } from '../../../examples/recipes/dashboard.js'
import { Account, client } from '../../../examples/recipes/logout.js'
import { showProgress } from '../../../examples/recipes/without-react.js'

beforeEach(() => {
  localStorage.clear()
  sessionStorage.clear()
})

/** The same page again, as another client, after it was left. */
async function reloaded(url: string, page: React.ReactNode, act: (stream: Awaited<ReturnType<ReturnType<typeof createMockSSE>['connected']>>) => void) {
  const before = createMockSSE(url)
  const { unmount } = render(page, { wrapper: before.Provider })
  act(await before.connected())
  before.page.leave()
  unmount()
  const sse = createMockSSE(url)
  render(page, { wrapper: sse.Provider })
  return { sse, stream: await sse.connected() }
}

it('a bell: unread, titles and cursor survive a reload', async () => {
  const { stream } = await reloaded('/notices', <Bell markRead={() => {}} />, (first) => {
    first.send({ id: '1', type: 'notice', data: { title: 'Build failed' } })
    first.send({ id: '2', type: 'notice', data: { title: 'Disk full' } })
  })
  expect(stream.request.lastEventId).toBe('2')
  expect(screen.getByText('2 new')).toBeDefined()
  expect(screen.getAllByRole('listitem', { hidden: true }).map((item) => item.textContent)).toEqual(['Disk full', 'Build failed'])
  stream.send({ id: '3', type: 'read', data: null })
  expect(screen.getByText('Nothing new')).toBeDefined()
})

describe('an answer', () => {
  it('can be stopped, keeps what had come, and is asked for again', async () => {
    const sse = createMockSSE('/chat')
    render(<Answer prompt="Hello" />, { wrapper: sse.Provider })
    await userEvent.click(screen.getByRole('button', { name: 'Ask' }))
    const first = await sse.connected()
    expect(first.request.json()).toEqual({ prompt: 'Hello' })
    first.send({ data: { text: 'It de' } })
    await userEvent.click(screen.getByRole('button', { name: 'Stop' }))
    expect(first.state).toBe('closed')
    expect(screen.getByText('It de')).toBeDefined()
    await userEvent.click(screen.getByRole('button', { name: 'Ask again' }))
    const second = await sse.connected()
    second.send({ data: { text: 'It depends' } })
    second.sendBytes('data: [DONE]\n\n')
    expect(screen.getByText('It depends')).toBeDefined()
    expect(screen.getByRole('button', { name: 'Ask again' })).toBeDefined()
  })

  it('that breaks off says so, and shows what had come', async () => {
    const sse = createMockSSE('/chat')
    render(<Answer prompt="Hello" />, { wrapper: sse.Provider })
    await userEvent.click(screen.getByRole('button', { name: 'Ask' }))
    const answer = await sse.connected()
    answer.send({ data: { text: 'It de' } })
    answer.end()
    expect(screen.getByRole('alert')).toBeDefined()
    expect(screen.getByText('It de')).toBeDefined()
  })
})

it('a logout: the next user sees and sends nothing of the one before', async () => {
  const sse = createMockSSE('/inbox', { client })
  const tokens = ['ada', 'bob']
  render(<Account login={async () => tokens.shift() ?? ''} />, { wrapper: sse.Provider })
  await userEvent.click(screen.getByRole('button', { name: 'Log in' }))
  const first = await sse.connected()
  expect(first.request.headers['authorization']).toBe('Bearer ada')
  first.send({ id: '7', data: { subject: "Ada's" } })
  expect(screen.getByText("Ada's")).toBeDefined()
  await userEvent.click(screen.getByRole('button', { name: 'Log out' }))
  expect(first.state).toBe('closed')
  await userEvent.click(screen.getByRole('button', { name: 'Log in' }))
  const second = await sse.connected()
  expect(second.request.headers['authorization']).toBe('Bearer bob')
  expect(second.request.lastEventId).toBe('')
  expect(screen.queryByText("Ada's")).toBeNull()
})

it('a banner: a short break does not show, a long one does, and goes at once', async () => {
  const sse = createMockSSE('/samples')
  const page = (
    <>
      <Banner />
      <Dashboard charts={1} />
    </>
  )
  render(page, { wrapper: sse.Provider })
  const first = await sse.connected()
  first.drop()
  expect(screen.queryByRole('status')).toBeNull()
  await sse.advance(1_000)
  expect(screen.queryByRole('status')).toBeNull()
  const second = await sse.attempted()
  second.respond(503)
  await sse.advance(1_000)
  expect(screen.getByRole('status').textContent).toBe('The server is not there')
  await sse.advance(30_000)
  await sse.connected()
  expect(screen.queryByRole('status')).toBeNull()
})

it('a dashboard: twenty charts over one connection, each with its value after a reload', async () => {
  const { sse, stream } = await reloaded('/samples', <Dashboard charts={20} />, (first) => {
    for (let chart = 0; chart < 20; chart++) first.send({ id: String(chart), type: 'sample', data: { chart, value: chart * 2 } })
  })
  expect(sse.connections).toHaveLength(1)
  expect(stream.request.lastEventId).toBe('19')
  expect(screen.getAllByRole('listitem').map((item) => item.textContent)).toEqual(Array.from({ length: 20 }, (_, chart) => `${chart}: ${chart * 2}`))
  stream.send({ id: '20', type: 'sample', data: { chart: 3, value: 99 } })
  expect(screen.getByText('3: 99')).toBeDefined()
})

it('without React: progress in a page, until it is stopped', async () => {
  const sse = createMockSSE('/jobs')
  const bar = { textContent: null }
  const stop = showProgress(sse.client, bar)
  const stream = await sse.connected()
  stream.send({ type: 'progress', data: { done: 40 } })
  expect(bar.textContent).toBe('40 %')
  stop()
  await stream.closed
})
