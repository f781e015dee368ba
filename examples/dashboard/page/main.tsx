import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Dashboard } from './dashboard.tsx'
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
      <Dashboard components={Number(query.get('components') ?? 20)} />
    )}
  </StrictMode>,
)
