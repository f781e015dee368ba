import type { ResolvedRequest } from '../protocol/transport.js'
import type { Asked, Body } from './identity.js'
import type { Settings } from './source.js'
import { isOtherOrigin } from './environment.js'
import { headersByName, isPlain } from './identity.js'

type Ask = () => unknown

const inFlight = new WeakMap<Ask, Promise<unknown>>()

/** Asks a function once for all who ask while its answer is on the way: one token refresh serves every stream. */
function askTogether(ask: Ask): Promise<unknown> {
  const answer = inFlight.get(ask) ?? Promise.resolve().then(ask).finally(() => inFlight.delete(ask))
  inFlight.set(ask, answer)
  return answer
}

/**
 * Asks every function of a request for its value now.
 *
 * @param lastEventId - the cursor; also added to the URL under `lastEventIdParam`
 * @param together - share answers on the way with others that ask the same function (after a 401)
 */
export async function resolveRequest(settings: Settings, lastEventId: string, together: boolean): Promise<ResolvedRequest> {
  // A seam: a function given as an Asked<T> returns a T, which the shared answers can't express.
  const ask = async <T>(value: Asked<T>): Promise<T> =>
    typeof value === 'function' ? ((await (together ? askTogether(value as Ask) : (value as Ask)())) as T) : value

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
