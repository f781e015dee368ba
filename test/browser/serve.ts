import type { ScriptedAnswer } from 'eventwire/testing'
import { inject } from 'vitest'
import { serveFrom, type ServedStream } from './script-client.js'

/** Has the tests' server follow a script. */
export const serve = (answers: readonly ScriptedAnswer[]): Promise<ServedStream> => serveFrom(inject('origin'), answers)
