import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

/** A JavaScript runtime for servers. Node is the one that runs this; Bun and Deno are in this folder's package.json. */
export type Runtime = 'node' | 'bun' | 'deno'

/** All of them. */
export const runtimes: readonly Runtime[] = ['node', 'bun', 'deno']

const installed = (name: string) => fileURLToPath(new URL(`node_modules/.bin/${name}`, import.meta.url))

const commands: Readonly<Record<Runtime, readonly [command: string, ...args: string[]]>> = {
  node: [process.execPath],
  bun: [installed('bun')],
  // What it may do is reach the server and read what development mode goes by, and nothing else.
  deno: [installed('deno'), ...'run -q --no-prompt --no-config --allow-net=127.0.0.1 --allow-env=NODE_ENV'.split(' ')],
}

const TIMEOUT_MS = 120_000

/**
 * Runs a script in a runtime and gives what it said: the last line that it wrote to its standard output, as JSON.
 *
 * @param script - One file of ES modules that imports nothing but what the runtime brings; `bundle` makes one.
 * @param args - What it finds in `process.argv` from the third on, e.g. the origin of a server.
 * @throws Error when the runtime is missing, when the script says no JSON, when it ends with another code than 0, and when
 *   it does not end within two minutes
 */
export async function runIn(runtime: Runtime, script: string, args: readonly string[] = []): Promise<unknown> {
  const [command, ...flags] = commands[runtime]
  if (!existsSync(command)) throw new Error(`No ${runtime}. Run npm ci in test/engines.`)
  const child = spawn(command, [...flags, script, ...args], { stdio: ['ignore', 'pipe', 'pipe'], timeout: TIMEOUT_MS })
  const ended = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
  const [output, complaint, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  const said = output.trimEnd().split('\n').at(-1) ?? ''
  if (code !== 0) throw new Error(`${runtime} ended with ${code}: ${complaint || output}`)
  try {
    return JSON.parse(said)
  } catch (cause) {
    throw new Error(`${runtime} said no JSON, but: ${said || complaint}`, { cause })
  }
}
