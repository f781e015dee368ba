import type { IncomingMessage, ServerResponse } from 'node:http'

const MAX_BYTES = 1024 * 1024

/** A request that can not be answered, with the status that says so. */
export class BadRequest extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.name = 'BadRequest'
    this.status = status
  }
}

/** The body of a request as JSON. */
export async function jsonBody(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request) {
    // A seam: a request without an encoding gives buffers.
    const buffer = part as Buffer
    bytes += buffer.length
    if (bytes > MAX_BYTES) throw new BadRequest(413, 'A conversation may have one megabyte.')
    parts.push(buffer)
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'))
  } catch {
    throw new BadRequest(400, 'The body is no JSON.')
  }
}

export function sendJSON(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' })
  response.end(JSON.stringify(value))
}

/** Says what went wrong, as OpenAI does. */
export function sendError(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy()
  const status = error instanceof BadRequest ? error.status : 500
  const type = status < 500 ? 'invalid_request_error' : 'server_error'
  sendJSON(response, status, { error: { message: error instanceof Error ? error.message : String(error), type } })
}
