import { once } from 'node:events'
import type { Server } from 'node:http'

const HOST = '127.0.0.1'

/** Listens on `first`, or on the next port that is free, `0` for any; gives the origin. */
export async function listen(http: Server, first: number): Promise<string> {
  for (let port = first; ; port++) {
    try {
      http.listen(port, HOST)
      await once(http, 'listening')
      const address = http.address()
      return `http://${HOST}:${typeof address === 'object' && address ? address.port : port}`
    } catch (error) {
      const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
      if (!taken || port >= first + 100) throw error
    }
  }
}

/** Ends it, whoever is still connected. */
export async function endServer(http: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => http.close(() => resolve()))
  http.closeAllConnections()
  await closed
}
