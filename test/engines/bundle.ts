import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'rolldown'
import { entries } from '../../entries.ts'

/** A script as one file, in a folder of its own. */
export interface Bundle {
  readonly path: string
  remove(): Promise<void>
}

const source = (file: string) => fileURLToPath(new URL(`../../src/${file}.ts`, import.meta.url))

/** Makes one file of a script and of all that it imports; the package's own names lead to its source. */
export async function bundle(entry: URL): Promise<Bundle> {
  const folder = await mkdtemp(join(tmpdir(), 'eventwire-'))
  const path = join(folder, 'bundle.mjs')
  await build({
    input: fileURLToPath(entry),
    platform: 'node',
    // Matched whole: one name begins all others.
    resolve: { alias: Object.fromEntries(entries.map(({ name, file }) => [`${name}$`, source(file)])) },
    output: { file: path, format: 'esm' },
    // Its one warning is that of a 'use client' that is lost here.
    logLevel: 'silent',
  })
  return { path, remove: () => rm(folder, { recursive: true }) }
}
