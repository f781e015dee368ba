import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../engines/free-port.ts'

/** A real nginx, for one test. */
export interface Nginx {
  readonly port: number
  close(): Promise<void>
}

/**
 * @param conf - a whole configuration, for a port and a folder
 * @throws Error with what nginx said, where it does not start or is not installed
 */
export async function startNginx(conf: (port: number, folder: string) => string): Promise<Nginx> {
  const folder = await mkdtemp(join(tmpdir(), 'eventwire-nginx-'))
  const port = await freePort()
  const path = join(folder, 'nginx.conf')
  // What Debian's build would write elsewhere.
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join('\n')
  await writeFile(path, conf(port, folder).replace('http {', `http {\naccess_log off;\n${temp}`))
  // Its workers are to write where this process may: as another user they could buffer nothing on disk.
  const user = userInfo().username
  const flags = ['-p', folder, '-c', path, '-e', join(folder, 'error.log'), '-g', `daemon off; pid ${folder}/pid; user ${user};`]
  const nginx = spawn('nginx', flags, { stdio: 'ignore' })
  const exit = new Promise<void>((resolve) => nginx.once('exit', () => resolve()))
  await new Promise<void>((resolve, reject) => {
    nginx.once('error', () => reject(new Error('nginx was not found. On Debian: apt-get install -y --no-install-recommends nginx-light')))
    nginx.once('exit', () => void readFile(join(folder, 'error.log'), 'utf8').then((text) => reject(new Error(`nginx ended: ${text}`)), reject))
    const attempt = () => {
      const socket = connect(port, '127.0.0.1', () => (socket.destroy(), resolve()))
      socket.once('error', () => setTimeout(attempt, 20))
    }
    attempt()
  })
  return {
    port,
    async close() {
      nginx.kill('SIGTERM')
      await exit
      await rm(folder, { recursive: true, force: true })
    },
  }
}
