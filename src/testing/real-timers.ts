/** The machine's own, as they were before a test faked them: what waits for a connection waits in real time. */
export const realTimers = {
  setTimeout: setTimeout.bind(globalThis),
  clearTimeout: clearTimeout.bind(globalThis),
}
