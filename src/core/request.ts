import type { ResolvedRequest } from '../protocol/transport.js'
import type { Asked, Body } from './identity.js'
import type { Settings } from './source.js'
import { isOtherOrigin } from './environment.js'
import { headersByName, isPlain } from './identity.js'

/** How a function is asked: by itself, or together with others that ask it too. */
export type Call = (question: () => unknown) => unknown

/**
 * Asks every function of a request for its value now.
 *
 * @param lastEventId - the cursor; also added to the URL under `lastEventIdParam`
 * @param call - calls a function of the user's
 */
export async function resolveRequest(settings: Settings, lastEventId: string, call: Call): Promise<ResolvedRequest> {
  // A seam: a function given as an Asked<T> returns a T, which shared answers can't express.
  const ask = async <T>(value: Asked<T>): Promise<T> =>
    typeof value === 'function' ? ((await call(value as () => unknown)) as T) : value

  const { baseUrl, lastEventIdParam, method, credentials } = settings
  let url = String(await ask(settings.url))
  // Below baseUrl, whose path is kept.
  if (baseUrl && !/^([a-z][a-z\d+.-]*:|\/\/)/i.test(url)) url = baseUrl.replace(/\/$/, '') + url.replace(/^\/?/, '/')
  if (lastEventIdParam && lastEventId) url = withParameter(url, lastEventIdParam, lastEventId)

  const given: Record<string, string | null> = {}
  for (const value of settings.headers) Object.assign(given, headersByName(await ask(value)))
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(given)) if (value !== null) headers[name] = value

  let body = (await ask<Body | null | undefined>(settings.body)) ?? undefined
  if (isPlain(body)) {
    body = JSON.stringify(body)
    headers['content-type'] ??= 'application/json'
  }
  const cursorInURL = !!lastEventIdParam && isOtherOrigin(url)
  return { url, method, headers, body, credentials, lastEventId, cursorInURL }
}

function withParameter(url: string, name: string, value: string): string {
  const [, path = '', query = '', hash = ''] = /^([^?#]*)([^#]*)(.*)/s.exec(url) ?? []
  // What is there stays as it is: others may have signed it, or mean other bytes than UTF-8.
  const others = query.slice(1).split('&').filter((pair) => pair && !new URLSearchParams(pair).has(name))
  return `${path}?${[...others, new URLSearchParams({ [name]: value })].join('&')}${hash}`
}
