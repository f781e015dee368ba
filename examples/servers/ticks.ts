/** Publishes a tick a second, as an app's own code does: by a request. Gives what stops it. */
export function publishTicks(url: string): () => void {
  let count = 0
  const timer = setInterval(() => {
    const body = JSON.stringify({ type: 'tick', data: { count: (count += 1) } })
    void fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body }).catch((error: unknown) => {
      console.error('A tick was not published:', error)
    })
  }, 1_000)
  return () => clearInterval(timer)
}
