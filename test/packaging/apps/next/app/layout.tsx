import type { ReactNode } from 'react'
import { SSEProvider } from 'eventwire'

export const metadata = { title: 'Ticks', icons: 'data:,' }

/** A server component, which renders a client component of the package as it is. */
export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <SSEProvider history={2}>{children}</SSEProvider>
      </body>
    </html>
  )
}
