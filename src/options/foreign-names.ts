const CREDENTIALS = "credentials: 'include'"
const HEADERS = 'headers: { Authorization: `Bearer ${token}` }, or a function for a token that expires'
const RETRY = 'retry: { baseMs, maxMs, factor }'
const ATTEMPTS = 'retry: { attempts }'
const ON = 'retry, which is on; retry: { attempts: 0 } for never'
const ENABLED = 'enabled: false, or null as the source, for not now'
const IDLE = 'idleTimeout'
const QUERY = 'part of the url: `/events?${new URLSearchParams(params)}`'
const FETCH = 'transport: fetchTransport({ fetch })'
const SOME = 'onMessage, or useSSEEvent for some types'
const TYPES = 'events: { alert: json<Alert>() }, or the second argument of useSSEEvent'
const HISTORY = 'history: how many of the last events to keep'
const FIRST = 'data ?? yours: data is null before the first event'
const UNTIL = "until: ({ raw }) => raw === '[DONE]'"
const NOTIFY = "notify, and 'frame' already renders at most once a frame"

/** What options are called where people come from, and here; by what they are here. Development only. */
const NAMES: readonly (readonly [names: string, here: string])[] = [
  // EventSource
  ['withCredentials eventSourceOptions eventSourceInitDict eventSourceInit', CREDENTIALS],
  ['onmessage onData handler', 'onMessage'],
  ['onopen onConnect onConnected', 'onOpen'],
  ['onerror onFailure', 'onError'],
  ['onclose onDisconnect onDisconnected onFinish onDone onComplete', 'onClose'],
  ['EventSource eventSource', 'transport: nativeTransport({ EventSource })'],
  // fetch, axios, and @microsoft/fetch-event-source
  ['fetch fetcher fetchFn cache mode keepalive integrity referrer referrerPolicy priority', FETCH],
  ['openWhenHidden', 'pauseWhenHidden: false, which is the default'],
  ['pauseOnHidden closeOnHidden refetchIntervalInBackground', 'pauseWhenHidden'],
  ['signal abortSignal', "openSSE's alone; a hook has enabled: false, and a request stop()"],
  ['json payload', 'body: a plain object becomes JSON'],
  ['params query queryParams searchParams', QUERY],
  ['token auth authorization accessToken bearer', HEADERS],
  ['endpoint href path uri', 'url'],
  ['baseURI host', 'baseUrl, of SSEProvider and createSSEClient'],
  // WebSocket hooks, polyfills and clients of other languages
  ['onEvent onEvents listeners', SOME],
  ['event eventName eventNames eventType eventTypes channel', TYPES],
  ['reconnect autoReconnect shouldRetry retryOnError', ON],
  ['shouldReconnect', 'retry: ({ delayMs }) => delayMs, or false for never'],
  ['reconnectInterval reconnectDelay reconnectTime retryDelay retryInterval retryTimeout backoff initialRetryDelay maxRetryDelay', RETRY],
  ['maxRetries maxRetryAttempts reconnectAttempts maxReconnectAttempts maxAttempts retries retryCount retryAttempts', ATTEMPTS],
  ['heartbeatTimeout heartbeat heartbeatInterval keepAlive keepAliveTimeout inactivityTimeout ping pingInterval', IDLE],
  ['timeout', 'connectTimeout until there is an answer, idleTimeout after it'],
  ['connectionTimeout openTimeout', 'connectTimeout'],
  ['parser parse transform deserialize deserializer reviver', 'decode'],
  ['schema validate', 'decode, or events by type'],
  ['autoConnect autoStart immediate lazy manual skip disabled connect paused', ENABLED],
  ['maxEvents bufferSize limit keep buffer maxMessages', HISTORY],
  ['throttle throttleMs debounce batch interval', NOTIFY],
  ['initialData initialValue placeholderData fallbackData defaultValue', FIRST],
  ['stopWhen stopOn closeOn doneSignal endSignal isDone', UNTIL],
  ['share shared singleton multiplex', 'what is so anyway: who names the same stream shares one connection'],
  ['lastId lastEventID cursor since', 'lastEventId'],
  ['onStatusChange onStateChange', 'status of useSSE, or useSSEStatus for the page'],
  ['debug logger log verbose', 'client.observe((fact) => console.log(fact))'],
  ['deps dependencies', 'nothing: inline functions and objects are free'],
]

/** What an option of elsewhere is called here; `undefined` for what nobody calls so. */
export function foreignName(name: string): string | undefined {
  return NAMES.find(([names]) => names.split(' ').includes(name))?.[1]
}
