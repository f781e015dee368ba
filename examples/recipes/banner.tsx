/** One banner for all streams of the page that does not flicker: trouble shows after a grace, good news at once. */
import { useSSEStatus } from 'eventwire'

const WORDS = { offline: 'You are offline', server: 'The server is not there', auth: 'Please log in again' }

export function Banner() {
  const { reason } = useSSEStatus({ graceMs: 1_500 })
  return reason ? <p role="status">{WORDS[reason]}</p> : null
}
