import { SSEProvider, useSSE, useSSEReducer } from 'eventwire'
import { defineSSE, json } from 'eventwire/core'
import { createRoot } from 'react-dom/client'
import { createBrowserRouter, Link, Outlet } from 'react-router'
import { RouterProvider } from 'react-router/dom'

const ticks = defineSSE({ url: 'events', events: { tick: json<{ count: number }>() } })

function Layout() {
  return (
    <SSEProvider baseUrl="/api/">
      <nav>
        <Link to="/">Newest</Link> <Link to="/sum">Sum</Link> <Link to="/about">About</Link>
      </nav>
      <Outlet />
    </SSEProvider>
  )
}

function Newest() {
  const count = useSSE(ticks, { select: (snapshot) => snapshot.data?.count })
  return <p>Tick {count ?? 'to come'}</p>
}

function Sum() {
  const sum = useSSEReducer(ticks, (total, event) => total + event.data.count, 0)
  return <p>Sum {sum}</p>
}

const router = createBrowserRouter([
  {
    Component: Layout,
    children: [
      { index: true, Component: Newest },
      { path: 'sum', Component: Sum },
      { path: 'about', element: <p>Nothing streams here</p> },
    ],
  },
])

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')

createRoot(root).render(<RouterProvider router={router} />)
