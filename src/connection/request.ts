import type { AskContext, Asked, Body } from '../options/identity.js'
import type { Settings } from '../options/settings.js'
import type { ResolvedRequest } from '../protocol/transport.js'
import { headersByName, isPlain } from '../options/identity.js'
import { SSEError } from '../protocol/errors.js'
import { isOtherOrigin } from '../protocol/page.js'

/** A longer cursor, as it is encoded in a URL, every server refuses: without it the stream comes back at least. */
const LONGEST_CURSOR = 8_000

/** Asks a function of the user's. */
export type Ask = (question: (context: AskContext) => unknown) => unknown

/** What a request has of the stream's agreement: one value, however many read it. */
export type RequestSettings = Pick<
  Settings,
  'url' | 'baseUrl' | 'method' | 'headers' | 'body' | 'credentials' | 'redirect' | 'lastEventIdParam'
>

/**
 * Asks every function of a request for its value now.
 *
 * @param lastEventId - the cursor; also added to the URL under `lastEventIdParam`
 */
export async function resolveRequest(
  settings: RequestSettings,
  lastEventId: string,
  ask: Ask,
): Promise<ResolvedRequest> {
  // A seam: a function given as an Asked<T> returns a T, which shared answers can't express.
  const answer = async <T>(value: Asked<T>): Promise<T> =>
    typeof value === 'function' ? ((await ask(value as (context: AskContext) => unknown)) as T) : value

  const { lastEventIdParam, method, credentials, redirect } = settings
  let url = below(settings.baseUrl, textOf(await answer(settings.url)))
  // One that is too long is left to the header.
  const tooLong = lastEventIdParam && encodeURIComponent(lastEventId).length > LONGEST_CURSOR
  const cursorParam = tooLong ? undefined : lastEventIdParam
  if (cursorParam && lastEventId) url = withParameter(url, cursorParam, lastEventId)

  const given: Record<string, string | null> = {}
  for (const value of settings.headers) Object.assign(given, headersByName(await answer(value)))
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(given)) if (value !== null) headers[name] = value

  let body = (await answer<Body | null | undefined>(settings.body)) ?? undefined
  if (isPlain(body)) {
    body = JSON.stringify(body)
    headers['content-type'] ??= 'application/json'
  }
  const cursorInURL = !!cursorParam && isOtherOrigin(url)
  return { url, method, headers, body, credentials, redirect, lastEventId, cursorInURL, cursorParam }
}

/** @throws SSEError `unsupported` where a function gave no URL: `undefined` is no path */
function textOf(url: string | URL): string {
  const given: unknown = url
  if (typeof given === 'string' || (typeof given === 'object' && given)) return String(url)
  throw new SSEError('unsupported', `url must give a string or a URL, not ${String(given)}`)
}

/** A relative URL below `baseUrl`, whose path is kept. */
function below(baseUrl: string | undefined, url: string): string {
  if (!baseUrl || /^([a-z][a-z\d+.-]*:|\/\/)/i.test(url)) return url
  return baseUrl.replace(/\/$/, '') + url.replace(/^\/?/, '/')
}

function withParameter(url: string, name: string, value: string): string {
  const [, path = '', query = '', hash = ''] = /^([^?#]*)([^#]*)(.*)/s.exec(url) ?? []
  // What is there stays as it is: others may have signed it, or mean other bytes than UTF-8.
  const others = query.slice(1).split('&').filter((pair) => pair && !new URLSearchParams(pair).has(name))
  return `${path}?${[...others, new URLSearchParams({ [name]: value })].join('&')}${hash}`
}
