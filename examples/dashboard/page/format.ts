const GIB = 2 ** 30

const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' })

/** Always one decimal, so that numbers keep their width: `7.0`. */
export const oneDecimal = (value: number): string => value.toFixed(1)

/** Bytes in GiB with one decimal: `3.4`. */
export const gibibytes = (bytes: number): string => oneDecimal(bytes / GIB)

/** Epoch ms as local wall-clock time: `14:03:59`. */
export const clockTime = (at: number): string => time.format(at)
