import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** What is started from the system, and the Debian package that brings it. */
const PACKAGES = { chromium: 'chromium', 'firefox-esr': 'firefox-esr', WebKitWebDriver: 'webkit2gtk-driver', Xvfb: 'xvfb' } as const

/** A program that an engine needs of the system. */
export type Executable = keyof typeof PACKAGES

function find(name: Executable): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path))
}

/**
 * The path of a program.
 *
 * @throws Error when the system has none; its message names the command that brings it
 */
export function executable(name: Executable): string {
  const path = find(name)
  if (!path) throw new Error(missing([name]))
  return path
}

/** What to do about the programs that are not there, or `''`. */
export function missingExecutables(): string {
  // A seam: the keys of an object are strings to TypeScript.
  const lacking = (Object.keys(PACKAGES) as Executable[]).filter((name) => !find(name))
  return lacking.length > 0 ? missing(lacking) : ''
}

function missing(names: readonly Executable[]): string {
  const packages = names.map((name) => PACKAGES[name]).join(' ')
  return `Not found: ${names.join(', ')}. On Debian: apt-get install -y --no-install-recommends ${packages}`
}
