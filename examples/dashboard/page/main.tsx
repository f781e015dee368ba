import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { SSEProvider } from 'eventwire'
import { Dashboard } from './dashboard.tsx'
import { page } from './page.ts'
import { StrictMounts } from './strict-mounts.tsx'

const query = new URLSearchParams(location.search)
const strictMounts = Number(query.get('strict'))

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')

createRoot(root).render(
  <StrictMode>
    {strictMounts > 0 ? (
      <StrictMounts total={strictMounts} />
    ) : (
      <SSEProvider page={page}>
        <Dashboard components={Number(query.get('components') ?? 20)} />
      </SSEProvider>
    )}
  </StrictMode>,
)
