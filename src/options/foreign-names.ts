const CREDENTIALS = "credentials: 'include'"
const RETRY = 'retry: { baseMs, maxMs, factor }'
const ATTEMPTS = 'retry: { attempts }'

/** What options are called where people come from, and here. Development only. */
const NAMES: Readonly<Record<string, string>> = {
  // EventSource
  withCredentials: CREDENTIALS,
  eventSourceOptions: CREDENTIALS,
  eventSourceInitDict: CREDENTIALS,
  onmessage: 'onMessage',
  onopen: 'onOpen',
  onerror: 'onError',
  onclose: 'onClose',
  // @microsoft/fetch-event-source
  openWhenHidden: 'pauseWhenHidden: false, which is the default',
  fetch: 'transport: fetchTransport({ fetch })',
  // WebSocket hooks, polyfills and clients of other languages
  onEvent: 'onMessage, or useSSEEvent for some types',
  onData: 'onMessage',
  reconnect: 'retry, which is on; retry: { attempts: 0 } for never',
  shouldReconnect: 'retry: ({ delayMs }) => delayMs, or false for never',
  reconnectInterval: RETRY,
  reconnectDelay: RETRY,
  retryDelay: RETRY,
  retryInterval: RETRY,
  maxRetries: ATTEMPTS,
  maxRetryAttempts: ATTEMPTS,
  reconnectAttempts: ATTEMPTS,
  maxReconnectAttempts: ATTEMPTS,
  heartbeatTimeout: 'idleTimeout',
  heartbeat: 'idleTimeout',
  timeout: 'connectTimeout until there is an answer, idleTimeout after it',
  params: 'part of the url: `/events?${new URLSearchParams(params)}`',
  query: 'part of the url: `/events?${new URLSearchParams(query)}`',
  queryParams: 'part of the url: `/events?${new URLSearchParams(queryParams)}`',
  token: 'headers: { Authorization: `Bearer ${token}` }',
  parser: 'decode',
  parse: 'decode',
  schema: 'decode, or events by type',
  EventSource: 'transport: nativeTransport({ EventSource })',
  signal: "openSSE's alone; a hook has enabled: false, and a request stop()",
}

/** What an option of elsewhere is called here; `undefined` for what nobody calls so. */
export function foreignName(name: string): string | undefined {
  return Object.hasOwn(NAMES, name) ? NAMES[name] : undefined
}
