import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../../test/engines/free-port.ts'

/** A real Redis, for one test. */
export interface Redis {
  readonly url: string
  /** Ends it as a crash would, and starts it again after so many ms. */
  restart(downMs: number): Promise<void>
  close(): Promise<void>
}

/** @param keeps - whether it writes each command down before it answers: else a restart has lost everything */
export async function startRedis(keeps: boolean): Promise<Redis> {
  const folder = await mkdtemp(join(tmpdir(), 'eventwire-redis-'))
  const port = await freePort()
  const flags = ['--port', `${port}`, '--dir', folder, '--save', '', ...(keeps ? ['--appendonly', 'yes', '--appendfsync', 'always'] : [])]
  let redis: ChildProcess

  async function start() {
    redis = spawn('redis-server', flags, { stdio: 'ignore' })
    await new Promise<void>((resolve, reject) => {
      redis.once('error', () => reject(new Error('redis-server was not found. On Debian: apt-get install -y --no-install-recommends redis-server')))
      const attempt = () => {
        const socket = connect(port, '127.0.0.1', () => (socket.destroy(), resolve()))
        socket.once('error', () => setTimeout(attempt, 20))
      }
      attempt()
    })
  }

  async function end() {
    const exit = new Promise<void>((resolve) => redis.once('exit', () => resolve()))
    redis.kill('SIGKILL')
    await exit
  }

  await start()
  return {
    url: `redis://127.0.0.1:${port}`,
    async restart(downMs) {
      await end()
      await new Promise((resolve) => setTimeout(resolve, downMs))
      await start()
    },
    async close() {
      await end()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
