import type { ReactNode } from 'react'
import { useSSE, useSSEReducer } from 'eventwire'
import { act, render } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { reactHarness } from './setup.js'

let said: unknown[] = []

beforeEach(() => {
  said = []
  vi.spyOn(console, 'warn').mockImplementation((message) => void said.push(message))
})
afterEach(() => vi.restoreAllMocks())

function DataAlone({ url }: { url: string }) {
  const { data } = useSSE(url)
  return <p>{String(data)}</p>
}
function WithError({ url }: { url: string }) {
  const { status, error } = useSSE(url)
  return <p>{status === 'failed' ? error?.code : status}</p>
}
function Selecting({ url }: { url: string }) {
  const code = useSSE(url, { select: (s) => s.error?.code ?? null })
  return <p>{code}</p>
}
function Mutating({ url }: { url: string }) {
  const list = useSSEReducer<number, number[]>(
    url,
    (kept, { data }) => {
      kept.push(data)
      return kept
    },
    [],
  )
  return <p>{list.length}</p>
}

async function show(page: ReactNode) {
  const { wrapper, transport, advance } = reactHarness()
  render(page, { wrapper })
  return { advance, connection: await act(() => transport.attempted()) }
}

it('a page that shows data alone, and a stream that failed: development says so, once', async () => {
  const { advance, connection } = await show(<DataAlone url="/alone" />)
  act(() => connection.respond(404))
  await advance(5_000)
  expect(said).toEqual([expect.stringContaining('the stream /alone failed, and nobody looked')])
})

it.each([
  ['/shown', WithError],
  ['/selected', Selecting],
])('%s: a page that shows the error hears nothing more', async (url, Page) => {
  const { advance, connection } = await show(<Page url={url} />)
  act(() => connection.respond(404))
  await advance(60_000)
  expect(said).toEqual([])
})

it('a reducer that changes its state renders nothing, and is told', async () => {
  const { advance, connection } = await show(<Mutating url="/folded" />)
  act(() => {
    connection.open()
    connection.send({ data: 1 })
  })
  await advance(100)
  expect(said).toEqual([expect.stringContaining('the reducer changed the state that it was given')])
})
