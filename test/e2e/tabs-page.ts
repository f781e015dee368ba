import { createSSEClient } from 'eventwire/core'

declare global {
  interface Window {
    /** How many streams of this page have been answered. */
    eventwireOpen?: number
  }
}

const client = createSSEClient()
window.eventwireOpen = 0
for (let stream = 0; stream < Number(new URLSearchParams(location.search).get('streams')); stream++)
  client.subscribe(`/events?${Math.random()}`, {
    onOpen() {
      window.eventwireOpen = (window.eventwireOpen ?? 0) + 1
    },
  })
