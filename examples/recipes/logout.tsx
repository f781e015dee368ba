/** Login and logout: one client, whose streams and records go with the user. */
import { createSSEClient, SSEProvider, useSSE } from 'eventwire'
import { useState } from 'react'

let token = ''

export const client = createSSEClient({ headers: () => ({ Authorization: `Bearer ${token}` }) })

function Inbox() {
  const { data, status } = useSSE<{ subject: string }>('/inbox')
  return <p>{data?.subject ?? status}</p>
}

export function Account({ login }: { login: () => Promise<string> }) {
  const [user, setUser] = useState(false)
  const enter = async () => {
    token = await login()
    // Streams that were refused before try again, with the new token.
    client.reconnectAll()
    setUser(true)
  }
  const leave = () => {
    token = ''
    setUser(false)
    // Closes every stream, and forgets cursors, data and what was kept over reloads.
    client.closeAll()
  }
  return (
    <SSEProvider client={client}>
      {user ? <Inbox /> : <p>Nobody</p>}
      {user ? <button onClick={leave}>Log out</button> : <button onClick={() => void enter()}>Log in</button>}
    </SSEProvider>
  )
}
