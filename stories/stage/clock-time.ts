const format = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 1,
  timeZone: 'UTC',
})

/** Epoch ms as the story's wall clock: `09:00:01.5`. */
export const clockTime = (at: number): string => format.format(at)
