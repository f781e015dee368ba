import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import { inject, onTestFinished } from 'vitest'
import { link } from './link.js'

const execute = promisify(execFile)

/** A user's app in a folder of its own, with the tarball and what else it needs installed. */
export interface App {
  /** Runs one of its scripts to the end. */
  run(script: string, ...args: string[]): Promise<void>
  /** Starts a script that serves, until it is stopped or the test is over, and waits for the address it prints. */
  serve(script: string, ...args: string[]): Promise<{ address: string; stop(): Promise<void> }>
}

export interface AppOptions {
  /** Names of packages, and the `node_modules` that has them. */
  packages: Readonly<Record<string, string>>
  /** Files that it has beside those of its folder, or in their place. */
  files?: Readonly<Record<string, string>>
  /** What its scripts find in their environment. */
  env?: Readonly<Record<string, string>>
}

/** Lays out one of the folders in `apps`, until the test is over. */
export async function createApp(name: string, { packages, files = {}, env = {} }: AppOptions): Promise<App> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), `eventwire-${name}-`)))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await cp(join(import.meta.dirname, 'apps', name), folder, { recursive: true })
  const installed = 'node_modules/eventwire'
  await cp(join(inject('consumer'), installed), join(folder, installed), { recursive: true })
  for (const [dependency, home] of Object.entries(packages))
    await link(resolve(home, dependency), join(folder, 'node_modules', dependency))
  for (const [path, text] of Object.entries(files)) await writeFile(join(folder, path), text)

  // Vitest's NODE_ENV is no user's, and colours would be in the middle of the address.
  const plain = { NODE_ENV: undefined, NO_COLOR: '1', FORCE_COLOR: undefined }
  const options = { cwd: folder, env: { ...process.env, ...plain, ...env } }

  return {
    async run(...command) {
      await execute(process.execPath, command, options).catch((error: { stdout: string; stderr: string }) => {
        throw new Error(`${command.join(' ')} failed:\n${error.stdout}${error.stderr}`)
      })
    },
    async serve(...command) {
      const server = spawn(process.execPath, command, options)
      const exit = once(server, 'exit')
      const stop = async () => {
        server.kill()
        await exit
      }
      onTestFinished(stop)
      const address = await new Promise<string>((found, reject) => {
        let printed = ''
        for (const output of [server.stdout, server.stderr])
          output.on('data', (text) => {
            printed += String(text)
            const [url] = /http:\/\/(127\.0\.0\.1|localhost):\d+/.exec(printed) ?? []
            if (url) found(url)
          })
        void exit.then(() => reject(new Error(`${command.join(' ')} named no address:\n${printed}`)))
      })
      return { address, stop }
    },
  }
}
