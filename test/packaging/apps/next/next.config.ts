import { parse } from 'node:path'
import process from 'node:process'

// The packages are links into the repository, which Turbopack follows no further than its root.
export default { turbopack: { root: parse(process.cwd()).root } }
