import type { ScriptedAnswer, ScriptedRequest, ScriptedStream } from 'eventwire/testing'

/** An answer as JSON: its chunks with a character a byte. */
export type WrittenAnswer = Omit<ScriptedAnswer, 'chunks'> & { readonly chunks: readonly string[] }

/** A stream by script whose connections can be reset, too. */
export interface ServedStream extends ScriptedStream {
  reset(): Promise<void>
}

const written = (bytes: Uint8Array) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')

/** Has the tests' server at this origin follow a script. */
export async function serveFrom(origin: string, answers: readonly ScriptedAnswer[]): Promise<ServedStream> {
  const body = JSON.stringify(answers.map((answer) => ({ ...answer, chunks: (answer.chunks ?? []).map(written) })))
  const path = await (await fetch(`${origin}/scripts`, { method: 'POST', body })).text()
  return {
    url: origin + path,
    // A seam: the server's side is test/transports/scripts.ts.
    requests: async () => (await fetch(`${origin}/requests?path=${path}`)).json() as Promise<ScriptedRequest[]>,
    drop: async () => void (await (await fetch(`${origin}/drop?path=${path}`)).text()),
    reset: async () => void (await (await fetch(`${origin}/drop?reset&path=${path}`)).text()),
  }
}
