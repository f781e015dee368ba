/**
 * Whether an event stream may come from a URL of this scheme. Apps with a scheme of their own (Electron's, Tauri's) may
 * serve it.
 *
 * @param slashes - whether two follow
 */
export function mayStream(scheme: string, slashes: boolean): boolean {
  return /^https?$/.test(scheme) || (slashes && !/^(wss?|ftps?|file)$/.test(scheme))
}
