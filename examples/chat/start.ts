// The chat page: npm run chat -- [--port N]. With OPENAI_API_KEY in the environment OpenAI answers, else a local model.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { startChat } from './chat.ts'
import { createLocalModel } from './local-model.ts'

const here = import.meta.dirname
const { values } = parseArgs({ options: { port: { type: 'string', default: '5174' } } })
const port = Number(values.port)
if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new TypeError(`--port is ${values.port}: say a number up to 65535`)

await install()
const { createModel, createSDKModel } = await import('./sdk-model.ts')

const local = process.env['OPENAI_API_KEY'] ? null : createLocalModel()
const model = local
  ? createModel(await local.listen())
  : createSDKModel({ model: process.env['OPENAI_MODEL'] ?? 'gpt-4o-mini' })
const { url, server } = await startChat({ port, model })
console.log(`\n  eventwire chat, answered by ${local ? 'a local model' : model.name}\n\n  ➜  ${url}\n\n  Ctrl-C ends it.\n`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void Promise.all([server.close(), local?.close()]).then(() => process.exit(0)))
}

/** Brings the SDK, where it is missing or another: it is a dependency of this example alone. */
async function install(): Promise<void> {
  const installed = `${here}/node_modules/openai/package.json`
  // Seams: both are package.json files.
  const { dependencies } = JSON.parse(await readFile(`${here}/package.json`, 'utf8')) as { dependencies: { openai: string } }
  if (existsSync(installed)) {
    const { version } = JSON.parse(await readFile(installed, 'utf8')) as { version: string }
    if (version === dependencies.openai) return
  }
  console.log('Installing the SDK in examples/chat…')
  const [code] = await once(spawn('npm', ['ci'], { cwd: here, stdio: 'inherit', shell: process.platform === 'win32' }), 'exit')
  if (code !== 0) throw new Error('`npm ci` in examples/chat failed: see above.')
}
