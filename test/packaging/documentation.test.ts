import { execFile } from 'node:child_process'
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { link } from './link.js'

const compilers = [
  { version: '5.4', script: 'test/types/node_modules/typescript/bin/tsc' },
  { version: '7', script: 'node_modules/@typescript/native/bin/tsc' },
]

/** What the blocks import beside the package and its peers. */
const packages = ['@testing-library/react', '@testing-library/user-event', '@testing-library/jest-dom', '@testing-library/dom']
const servers = ['express', '@types/express', 'vite', 'vitest', 'playwright', '@types/react-dom']

/** What only some readers have, and what is written in words that TypeScript 5.4 does not know. */
const OTHERS = `
declare module '@vitejs/plugin-react' {
  export default function react(): import('vite').PluginOption
}
declare module '@react-native-community/netinfo' {
  const NetInfo: { addEventListener(listener: (state: { isConnected: boolean | null }) => void): () => void }
  export default NetInfo
}
declare module 'react-native' {
  export const AppState: {
    currentState: string
    addEventListener(type: 'change', listener: (state: string) => void): { remove(): void }
  }
}
declare module '*/my-transport.js' {
  export function myTransport(): import('eventwire/core').Transport
}
`

const options = [
  '--noEmit --strict --skipLibCheck --jsx react-jsx --target es2022 --lib es2023,dom,dom.iterable,dom.asynciterable',
  '--module esnext --moduleResolution bundler --allowJs --checkJs --types node',
]
  .join(' ')
  .split(' ')

/** The declarations of Node 26 are for TypeScript 5.6 and later: before, a request is no stream to them. */
const OTHERS_FAULT = /type 'IncomingMessage' is not assignable to parameter of type 'NodeJS.ReadableStream/

interface Block {
  readonly file: string
  readonly code: string
}

/** Each block as a module, its lines where they are in the text: what a compiler says names the line to mend. */
async function blocks(document: string, known: readonly string[]): Promise<Block[]> {
  const text = await readFile(document, 'utf8')
  return Array.from(text.matchAll(/^```(tsx?|jsx?)\n([^]*?)^```$/gm), ({ 1: language = '', 2: code = '', index }) => {
    const line = text.slice(0, index).split('\n').length + 1
    const refused = code.replace(/^(?=.*\/\/ does not compile$)/gm, '// @ts-expect-error\n')
    // What has a name for its file in the first line is that file of an app.
    const extension = language.startsWith('js') ? 'js' : 'tsx'
    const used = known.filter((name) => new RegExp(`\\b${name}\\b`).test(code) && !declares(code, name))
    const above = used.length > 0 ? `import { ${used.join(', ')} } from './left-out.js'` : ''
    return {
      file: `${document.replaceAll(/[/.]/g, '-')}-${line}.${extension}`,
      code: `${'\n'.repeat(line - 2)}${above}\n${refused}\nexport {}\n`,
    }
  })
}

/** Whether a block has a name itself, at its top: as an import, a declaration or a part of one. */
function declares(code: string, name: string): boolean {
  return new RegExp(`^(export )?(default )?(import|const|let|function|interface|type|class)\\b[^=(\n]*\\b${name}\\b`, 'm').test(code)
}

/** The names that left-out.ts has. */
async function leftOut(): Promise<string[]> {
  const text = await readFile('test/types/left-out.ts', 'utf8')
  const again = Array.from(text.matchAll(/^export \{(.*)\} from/gm), ([, names = '']) => names.split(','))
  const own = Array.from(text.matchAll(/^export (?:declare )?(?:const|function|interface) (\w+)/gm), ([, name = '']) => name)
  return [...again.flat(), ...own].map((name) => name.trim())
}

/** The examples that editors show, as blocks of the files that have them: whole, so that nothing is imported into them. */
async function examples(): Promise<Block[]> {
  const files = (await readdir('src', { recursive: true })).map((name) => `src/${name.replaceAll('\\', '/')}`)
  const texts = files.filter((name) => /\.tsx?$/.test(name)).map(async (name) => ({ name, text: await readFile(name, 'utf8') }))
  return (await Promise.all(texts)).flatMap(({ name, text }) =>
    Array.from(text.matchAll(/^ \* ```tsx\n([^]*?)^ \* ```$/gm), ({ 1: code = '', index }) => ({
      file: `${name.replaceAll(/[/.]/g, '-')}-${index}.tsx`,
      code: `${code.replaceAll(/^ \* ?/gm, '')}\nexport {}\n`,
    })),
  )
}

const folder = () => join(inject('consumer'), 'documentation')
let all: Block[] = []

beforeAll(async () => {
  const documents = ['README.md', ...(await readdir('docs')).map((name) => `docs/${name}`), 'examples/README.md']
  const known = await leftOut()
  const read = documents.filter((name) => name.endsWith('.md')).map((name) => blocks(name, known))
  all = [...(await Promise.all(read)).flat(), ...(await examples())]
  await mkdir(folder())
  for (const name of [...packages, ...servers]) await link(resolve('node_modules', name), join(inject('consumer'), 'node_modules', name))
  await cp('test/types/left-out.ts', join(folder(), 'left-out.ts'))
  await writeFile(join(folder(), 'others.d.ts'), OTHERS)
  for (const { file, code } of all) await writeFile(join(folder(), file), code)
})

describe.each(compilers)('TypeScript $version', ({ script }) => {
  test('compiles every code block of README, docs and hovers', async () => {
    expect(all.length).toBeGreaterThan(60)
    const files = [...all.map(({ file }) => file), 'left-out.ts', 'others.d.ts']
    const { stdout } = await promisify(execFile)(process.execPath, [resolve(script), ...options, ...files], { cwd: folder() }).catch(
      (error: { stdout: string }) => error,
    )
    expect(stdout.split('\n').filter((line) => /^\S/.test(line) && !OTHERS_FAULT.test(line))).toEqual([])
  })
})
