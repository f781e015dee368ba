const format = new Intl.NumberFormat('en-US')

/** A whole number as people read it: `1,005`. */
export const count = (value: number): string => format.format(value)
