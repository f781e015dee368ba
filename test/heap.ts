import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')

/** Collects garbage, all of it. */
export const collect: () => void = runInNewContext('gc')

/** What is kept after a collection, in bytes. */
export function heap(): number {
  collect()
  return process.memoryUsage().heapUsed
}
