import { vi } from 'vitest'

// All files run in one process; what one of them has warned of, the next must hear too.
vi.resetModules()
