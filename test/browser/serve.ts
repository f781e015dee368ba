import type { ScriptedAnswer, ScriptedRequest, ScriptedStream } from 'eventwire/testing'
import { inject } from 'vitest'

/** An answer as JSON: its chunks with a character a byte. */
export type WrittenAnswer = Omit<ScriptedAnswer, 'chunks'> & { readonly chunks: readonly string[] }

const written = (bytes: Uint8Array) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')

/** A stream by script whose connections can be reset, too. */
export interface ServedStream extends ScriptedStream {
  reset(): Promise<void>
}

/** Has the tests' server follow a script. */
export const serve = async (answers: readonly ScriptedAnswer[]): Promise<ServedStream> => {
  const origin = inject('origin')
  const body = JSON.stringify(answers.map((answer) => ({ ...answer, chunks: (answer.chunks ?? []).map(written) })))
  const path = await (await fetch(`${origin}/scripts`, { method: 'POST', body })).text()
  return {
    url: origin + path,
    // A seam: the server's side is test/transports/scripts.ts.
    requests: async () => (await fetch(`${origin}/requests?path=${path}`)).json() as Promise<ScriptedRequest[]>,
    drop: async () => void (await fetch(`${origin}/drop?path=${path}`)),
    reset: async () => void (await fetch(`${origin}/drop?reset&path=${path}`)),
  }
}
