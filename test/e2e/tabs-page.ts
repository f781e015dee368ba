import { createSSEClient, createSSERequest } from 'eventwire/core'

declare global {
  interface Window {
    /** How many streams of this page have been answered. */
    eventwireOpen?: number
    eventwirePost?: (text: string) => Promise<string>
  }
}

/** Sends what it is given as a stream; gives what the server says of it. */
window.eventwirePost = (text) =>
  createSSERequest({ url: '/echo', decode: 'text', initial: '', reduce: (said: string, { data }) => said + data, body: new Blob([text]).stream() }).start()

const client = createSSEClient()
window.eventwireOpen = 0
for (let stream = 0; stream < Number(new URLSearchParams(location.search).get('streams')); stream++)
  client.subscribe(`/events?${Math.random()}`, {
    onOpen() {
      window.eventwireOpen = (window.eventwireOpen ?? 0) + 1
    },
  })
