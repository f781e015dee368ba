import type { SSEErrorCode } from '../protocol/errors.js'
import type { ResolvedRequest } from '../protocol/transport.js'
import { messageOf, SSEError } from '../protocol/errors.js'
import { discreet, redact, secretsOf } from './redact.js'
import { isStreamBody, OVER_HTTP_2 } from './stream-body.js'

/** A message that ends in a colon goes on with what was said. */
const ITSELF = "This platform, or the transport's fetch, fails by itself:"
const UNMADE = "The request can't be made:"

/** What is said of faults that another attempt has too, and what it means. The first that is said counts. */
type Faults = readonly (readonly [said: RegExp, code: SSEErrorCode, message: string])[]

/** What no network says: a mistake in code that runs below us, in the words of V8, JavaScriptCore and SpiderMonkey. */
const DEFECTS: Faults = [
  [/^(ReferenceError|SyntaxError|RangeError)\b/, 'unsupported', ITSELF],
  [/is not (defined|iterable|an object|a function|a constructor)/, 'unsupported', ITSELF],
  [/Cannot (read|set) propert|can't access property|Illegal invocation/, 'unsupported', ITSELF],
  [/TypeError: \S+ is (undefined|null)/, 'unsupported', ITSELF],
]

/** What fetches say of a request that would fail the next time too. */
const FINAL: Faults = [
  [
    /certificate|\bCERT_|ALTNAME|UNABLE_TO_(GET|VERIFY)|SELF_SIGNED/i,
    'network',
    "The server's certificate is refused: renew it, or trust its issuer (in Node: NODE_EXTRA_CA_CERTS)",
  ],
  [
    /WRONG_VERSION_NUMBER|speak TLS|InvalidContentType/,
    'network',
    'The server speaks no TLS there: use http:, or another port',
  ],
  [/invalid redirect value/i, 'unsupported', "This platform has no redirect: 'error': leave it out"],
  [
    /unexpected ?redirect|mode is set to '?error/i,
    'network',
    "The server redirects, which redirect: 'error' forbids: ask for the URL that it leads to",
  ],
  [
    /redirect count|redirected too many|too ?many ?redirects|maximum (number of )?redirect/i,
    'network',
    'The server redirects without end: it never comes to a stream',
  ],
  [
    /must be a HTTP\(S\) scheme|redirect to a non HTTP|RedirectProtocol/i,
    'network',
    'The server redirects to what is no HTTP: it never comes to a stream',
  ],
  [
    /(bad|unsafe) port|port \d+ are blocked|unknown scheme|cannot load: |scheme .*not supported|protocol must be/i,
    'unsupported',
    `${UNMADE} fetch blocks its port, or does not know its scheme: use https: or http:, and another port`,
  ],
  [/not implemented|not supported|not an accepted type|disturbed or locked/, 'unsupported', UNMADE],
  [/Failed to (execute|construct)|Request constructor|\.fetch: /, 'unsupported', UNMADE],
  [/UND_ERR_(INVALID_ARG|NOT_SUPPORTED|REQ_CONTENT_LENGTH)/, 'unsupported', UNMADE],
]

/**
 * The error for what a fetch or its body threw; an `SSEError` is itself. For transports.
 *
 * @param opened - the answer had come
 * @param request - what was asked for, so that nothing of it is told
 */
export function networkError(cause: unknown, opened: boolean, request?: ResolvedRequest): SSEError {
  if (cause instanceof SSEError) return cause
  const secrets = request ? secretsOf(request) : []
  const told = { cause: discreet(cause, secrets) }
  const said = redact(wordsOf(cause), secrets).replace(request ? hostOf(request.url) : '', '')
  // Of an answer that came only the code that reads it can be at fault.
  for (const [what, code, message] of opened ? DEFECTS : [...DEFECTS, ...FINAL]) {
    const words = message.endsWith(':') ? ` ${messageOf(lowest(told.cause))}` : ''
    if (what.test(said)) return new SSEError(code, message + words, told)
  }
  const isPage = 'location' in globalThis && 'document' in globalThis
  if (!opened && isPage && isStreamBody(request?.body)) return new SSEError('unsupported', OVER_HTTP_2, told)
  const message = opened ? 'The connection broke' : 'The server could not be reached, or CORS forbids it'
  return new SSEError('network', message, { ...told, retryable: true })
}

/** The error for what is neither the network's nor the user's doing: a retry changes nothing. For transports. */
export function defectError(cause: unknown): SSEError {
  if (cause instanceof SSEError) return cause
  return new SSEError('unsupported', `${ITSELF} ${messageOf(cause)}`, { cause })
}

/** Node says what happened in the cause of the cause. */
function lowest(thrown: unknown): unknown {
  return thrown instanceof Error && thrown.cause instanceof Error ? lowest(thrown.cause) : thrown
}

function wordsOf(thrown: unknown, depth = 4): string {
  if (typeof thrown !== 'object' || thrown === null || depth === 0) return String(thrown)
  // A seam: anything may be thrown, and may say no more than its text.
  const { name, message, code, cause } = thrown as Readonly<Record<string, unknown>>
  return `${String(name)}: ${String(message)} ${String(code)} ${cause == null ? '' : wordsOf(cause, depth - 1)}`
}

/** A host may be named after anything. */
function hostOf(url: string): string {
  return /\/\/([^/?#:]{4,})/.exec(url)?.[1] ?? ''
}
