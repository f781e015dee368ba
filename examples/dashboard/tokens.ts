import { randomUUID } from 'node:crypto'
import type { Clock } from './clock.ts'

/** What `POST /token` answers. */
export interface IssuedToken {
  token: string
  /** How long it is good for, in ms: the client's clock may tell another time. */
  expiresInMs: number
}

/** Bearer tokens that expire. Kept in memory: after a restart of the server none is known, and clients ask again. */
export interface Tokens {
  issue(client: string): IssuedToken
  /** When it expires, in epoch ms; `null` for one that is not good, or not any more. */
  expiresAt(token: string): number | null
  /** Makes every token of `client` worthless now. */
  revoke(client: string): void
}

export function createTokens(clock: Clock, lifeMs: number): Tokens {
  const issued = new Map<string, { client: string; expiresAt: number }>()
  const forget = (over: (token: { client: string; expiresAt: number }) => boolean): void => {
    for (const [token, about] of issued) if (over(about)) issued.delete(token)
  }
  return {
    issue(client) {
      forget(({ expiresAt }) => expiresAt <= clock.now())
      const token = randomUUID()
      issued.set(token, { client, expiresAt: clock.now() + lifeMs })
      return { token, expiresInMs: lifeMs }
    },
    expiresAt(token) {
      const expiresAt = issued.get(token)?.expiresAt ?? 0
      return expiresAt > clock.now() ? expiresAt : null
    },
    revoke: (client) => forget((token) => token.client === client),
  }
}
