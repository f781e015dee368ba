import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

/** Flags for every Chromium that tests start: no sandbox to set up, and no traffic of its own. */
export const chromiumArgs: string[] = [
  // Root cannot use the sandbox, and distributions that restrict user namespaces refuse it to others. Tests load
  // only pages of this repository.
  ...(process.platform === 'linux' ? ['--no-sandbox', '--disable-dev-shm-usage'] : []),
  '--disable-gpu',
  // Where LANG is C its own is 'en-US@posix', which `new Intl.NumberFormat(navigator.language)` throws at. `--lang` does
  // not change that.
  '--accept-lang=en-US',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-domain-reliability',
  '--disable-extensions',
  '--disable-sync',
  '--metrics-recording-only',
  '--no-default-browser-check',
  '--no-first-run',
  '--no-pings',
]

/**
 * The path of a Chromium that tests can start: `CHROMIUM_PATH`, else Playwright's own if it is installed, else the one
 * inside `@sparticuz/chromium` on Linux x64, else the system's Chrome, Chromium or Edge.
 *
 * @throws Error when there is none; its message names the command that brings one.
 */
export async function chromiumPath(): Promise<string> {
  const path = fromEnvironment() ?? (await fromPlaywright()) ?? (await fromPackage()) ?? systemPaths().find(existsSync)
  if (path) return path
  throw new Error('No Chromium found. Run `npx playwright install chromium`, or set CHROMIUM_PATH to a Chrome.')
}

function fromEnvironment(): string | undefined {
  const path = process.env['CHROMIUM_PATH']
  if (path && !existsSync(path)) throw new Error(`CHROMIUM_PATH names ${path}, which does not exist.`)
  return path || undefined
}

async function fromPlaywright(): Promise<string | undefined> {
  const { chromium } = await import('playwright')
  const path = chromium.executablePath()
  return existsSync(path) ? path : undefined
}

/** Unpacks the package's Chromium into `node_modules/.cache`, once for each version. */
async function fromPackage(): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined
  const root = join(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '..')
  const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  const version = manifest && typeof manifest === 'object' && 'version' in manifest ? String(manifest.version) : ''
  const cache = join(root, '../../.cache')
  const home = join(cache, `chromium-${version}`)
  const path = join(home, 'chromium.sh')
  if (existsSync(path)) return path

  // Two runs may unpack at the same time: each does so aside, and whoever renames first wins.
  await mkdir(cache, { recursive: true })
  const aside = await mkdtemp(`${home}-`)
  try {
    // The package unpacks into the temp folder of its process, and its shared libraries only for Amazon's Node.
    await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', "await (await import('@sparticuz/chromium')).default.executablePath()"],
      { cwd: root, env: { ...process.env, TMPDIR: aside, AWS_LAMBDA_JS_RUNTIME: 'nodejs22.x' } },
    )
    await writeFile(join(aside, 'fonts/fonts.conf'), fonts)
    await writeFile(join(aside, 'chromium.sh'), launcher, { mode: 0o755 })
    await rename(aside, home).catch((error: unknown) => {
      if (!existsSync(path)) throw error
    })
  } finally {
    await rm(aside, { recursive: true, force: true })
  }
  return path
}

/** The package's own file looks for its fonts in the temp folder, and knows of no others. */
const fonts = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir prefix="relative">.</dir>
</fontconfig>
`

/** Starts the unpacked Chromium with its own libraries and fonts; `exec`, so that signals reach the browser itself. */
const launcher = `#!/bin/sh
here=$(dirname "$0")
export LD_LIBRARY_PATH="$here/al2023/lib\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
export FONTCONFIG_PATH="\${FONTCONFIG_PATH:-$here/fonts}"
exec "$here/chromium" "$@"
`

function systemPaths(): string[] {
  if (process.platform === 'darwin')
    return ['Google Chrome', 'Chromium', 'Microsoft Edge'].map((app) => `/Applications/${app}.app/Contents/MacOS/${app}`)
  if (process.platform === 'win32')
    return ['ProgramFiles', 'ProgramFiles(x86)', 'LocalAppData'].flatMap((folder) =>
      ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'].map((app) =>
        join(process.env[folder] ?? '', app),
      ),
    )
  return ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser', 'microsoft-edge'].flatMap((name) =>
    ['/usr/bin', '/usr/local/bin', '/snap/bin'].map((folder) => join(folder, name)),
  )
}
