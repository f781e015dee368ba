import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the packed tarball, as it would be published. */
    tarball: string
    /** A folder outside the repository with the unpacked tarball and its peers in `node_modules`, and nothing else. */
    consumer: string
  }
}

const execute = promisify(execFile)

/** Builds and packs the package once, and lays it out as an install would. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'eventwire-package-'))
  const modules = join(folder, 'consumer/node_modules')
  await mkdir(modules, { recursive: true })

  await npm('pack', '--pack-destination', folder)
  const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz'))
  if (!tarball) throw new Error('npm pack left no tarball.')
  await execute('tar', ['-xzf', tarball], { cwd: folder })
  await cp(join(folder, 'package'), join(modules, 'eventwire'), { recursive: true })
  const peers = ['react', 'msw', '@microsoft/fetch-event-source', '@types/react', '@types/node', 'zod', 'valibot', 'arktype']
  for (const name of peers) {
    await mkdir(dirname(join(modules, name)), { recursive: true })
    await symlink(resolve('node_modules', name), join(modules, name), 'junction')
  }

  project.provide('tarball', join(folder, tarball))
  project.provide('consumer', join(folder, 'consumer'))
  return () => rm(folder, { recursive: true, force: true })
}

/** Runs npm on this Node, by its script: on Windows `npm` itself is no program. */
async function npm(...args: string[]): Promise<void> {
  const script = process.env['npm_execpath']
  if (!script) throw new Error('Run the packaging tests by `npm run check:package`.')
  await execute(process.execPath, [script, ...args])
}
