/** Tells most texts apart without keeping them. */
export function fingerprint(data: string): number {
  let sum = data.length
  const step = Math.max(1, Math.floor(data.length / 32))
  for (let at = 0; at < data.length; at += step) sum = (sum * 31 + data.charCodeAt(at)) | 0
  return sum
}

/** An id that is a whole number. */
export function numericId(id: string): number | null {
  return /^\d{1,15}$/.test(id) ? Number(id) : null
}
