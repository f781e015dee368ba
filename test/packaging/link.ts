import { mkdir, symlink } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Puts a package in a place of `node_modules` without copying it. */
export async function link(target: string, place: string): Promise<void> {
  await mkdir(dirname(place), { recursive: true })
  await symlink(target, place, 'junction')
}
