import { existsSync } from 'node:fs'
import { missingExecutables } from './executable.ts'

// Ends with 1, and says what to install, where an engine or a runtime is missing.
const packages = existsSync(new URL('node_modules', import.meta.url)) ? '' : 'Run npm ci in test/engines.'
const complaints = [missingExecutables(), packages].filter(Boolean)
for (const complaint of complaints) console.error(complaint)
process.exitCode = complaints.length > 0 ? 1 : 0
