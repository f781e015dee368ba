import type { IssuedToken } from '../tokens.ts'
import { client } from './client.ts'

let known: { token: string; until: number } | null = null

/** A token that the server has not seen yet. */
export async function freshToken(): Promise<string> {
  // From before the question, so that it is over here no later than there.
  const askedAt = Date.now()
  const response = await fetch(`/token?client=${client}`, { method: 'POST' })
  if (!response.ok) throw new Error(`No token: the server answered ${response.status}`)
  // A seam: the server says that this is what it answers.
  const { token, expiresInMs } = (await response.json()) as IssuedToken
  known = { token, until: askedAt + expiresInMs }
  return token
}

/** The token that this page has, as long as it is good; else a fresh one. */
export async function bearerToken(): Promise<string> {
  return known && Date.now() < known.until ? known.token : freshToken()
}

/** The header that the server wants. eventwire asks for it at every attempt, and once more after a 401. */
export const authorization = async () => ({ Authorization: `Bearer ${await bearerToken()}` })

/** `fetch`, but what the server refuses with a 401 is not tried again: the next question brings a fresh token. */
export const fetchWithToken: typeof fetch = async (input, init) => {
  const response = await fetch(input, init)
  if (response.status === 401) known = null
  return response
}
