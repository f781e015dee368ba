import { render, screen } from '@testing-library/react'
import { createSSEClient, SSEProvider, useSSE, useSSEReducer } from 'eventwire'
import type { PersistStorage } from 'eventwire/core'
import * as idbKeyval from 'idb-keyval'
import { afterEach, beforeEach, expect, inject, it, vi } from 'vitest'

// React renders by itself here, as on a user's page.
beforeEach(() => void vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', false))
afterEach(() => void vi.unstubAllGlobals())

const STORAGES: readonly [string, PersistStorage][] = [
  ['localStorage', localStorage],
  ['sessionStorage', sessionStorage],
  ["npm's idb-keyval", idbKeyval],
]

let serial = 0

it.each(STORAGES)('%s: a reload goes on where the page was, and a logout removes it', async (_, storage) => {
  const key = `persist-${inject('react')}-${serial++}`
  const source = { url: `${inject('origin')}/events?key=${key}&count=20&id=1`, history: 3, persist: { key, storage } }
  function Page() {
    const { data, history } = useSSE<number>(source)
    const sum = useSSEReducer<number, number>(source, (total, event) => total + event.data, 0, { persistAs: 'sum' })
    return <p>{`${String(data)} ${history.length} ${sum}`}</p>
  }
  const load = () => {
    const client = createSSEClient()
    return { client, ...render(<Page />, { wrapper: ({ children }) => <SSEProvider client={client}>{children}</SSEProvider> }) }
  }
  const first = load()
  await screen.findByText('20 3 210')
  first.unmount()
  const text = async (name: string) => ('getItem' in storage ? storage.getItem(name) : ((await storage.get(name)) ?? null))
  await vi.waitFor(async () => expect(await text(`eventwire:${key}`)).toContain('210'))
  const second = load()
  await screen.findByText('20 3 210')
  second.client.closeAll()
  await vi.waitFor(async () => expect([await text(`eventwire:${key}`), await text('eventwire')]).toEqual([null, null]))
  second.unmount()
})
