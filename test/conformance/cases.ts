import type { ConformanceCase } from './case.js'
import { decodingCases } from './cases/decoding.js'
import { dispatchCases } from './cases/dispatch.js'
import { exampleCases } from './cases/examples.js'
import { fieldCases } from './cases/fields.js'
import { formatCases } from './cases/format.js'
import { lineCases } from './cases/lines.js'
import { serverCases } from './cases/servers.js'

/** Every case: §9.2.5 and §9.2.6 sentence by sentence, the standard's kinds of examples, and what servers send. */
export const cases: readonly ConformanceCase[] = [
  ...formatCases,
  ...decodingCases,
  ...lineCases,
  ...fieldCases,
  ...dispatchCases,
  ...exampleCases,
  ...serverCases,
]
