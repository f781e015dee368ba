import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { TestProject } from 'vitest/node'
import { link } from './link.js'

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the packed tarball, as it would be published. */
    tarball: string
    /** A folder outside the repository with the tarball installed, and its peers. */
    consumer: string
  }
}

/** The peers, and what the tests of the types and of Node use. */
const packages = [
  ...['react', 'react-dom', 'msw', '@microsoft/fetch-event-source', 'jsdom'],
  ...['@types/react', '@types/node', 'zod', 'valibot', 'arktype'],
]

/** Builds and packs the package once, and lays it out as an install would. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'eventwire-package-'))
  const consumer = join(folder, 'consumer')
  await mkdir(consumer)

  await npm(process.cwd(), 'pack', '--pack-destination', folder)
  const packed = (await readdir(folder)).find((name) => name.endsWith('.tgz'))
  if (!packed) throw new Error('npm pack left no tarball.')
  const tarball = join(folder, packed)
  await writeFile(join(consumer, 'package.json'), '{ "private": true, "type": "module" }')
  // Peers are links into the repository: nothing has to come from a registry.
  await npm(consumer, 'install', '--offline', '--legacy-peer-deps', tarball)
  for (const name of packages) await link(resolve('node_modules', name), join(consumer, 'node_modules', name))

  project.provide('tarball', tarball)
  project.provide('consumer', consumer)
  return () => rm(folder, { recursive: true, force: true })
}

/** Runs npm on this Node, by its script: on Windows `npm` itself is no program. */
async function npm(cwd: string, ...args: string[]): Promise<void> {
  const script = process.env['npm_execpath']
  if (!script) throw new Error('Run the packaging tests by `npm run check:package`.')
  await promisify(execFile)(process.execPath, [script, ...args], { cwd })
}
