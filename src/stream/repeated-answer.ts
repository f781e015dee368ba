import { warnOnce } from '../protocol/development.js'

/** Says, in development, that an answer which was over is asked for again: of a model, that is billed twice. */
export function warnOfRepeatedAnswer(whose: string): void {
  warnOnce(
    `eventwire: ${whose} ended, and is asked for again, as EventSource does. If that was the whole answer pass live: false, or ` +
      "until: ({ raw }) => raw === '[DONE]', or ask by useSSERequest. If more is to come send an id or retry: with the events, or pass live: true",
  )
}
