import { readdir, readFile } from 'node:fs/promises'

/** The processes that descend from one, with how much each has worked, in ticks. Linux alone says so. */
export async function descendantsOf(pid: number): Promise<Map<number, number>> {
  const all = new Map<number, { parent: number; worked: number }>()
  for (const name of await readdir('/proc')) {
    const text = /^\d+$/.test(name) ? await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '') : ''
    // The name stands in brackets, and may have any in it.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    if (text) all.set(Number(name), { parent: Number(fields[1]), worked: Number(fields[11]) + Number(fields[12]) })
  }
  const found = new Map<number, number>()
  const isBelow = (one: number): boolean => one === pid || (all.has(one) && isBelow(all.get(one)?.parent ?? 0))
  for (const [one, { worked }] of all) if (one !== pid && isBelow(one)) found.set(one, worked)
  return found
}

/** The one of them that works most while something is done. */
export async function busiestWhile(pid: number, run: () => Promise<unknown>): Promise<number> {
  const before = await descendantsOf(pid)
  await run()
  const after = await descendantsOf(pid)
  const worked = (one: number) => (after.get(one) ?? 0) - (before.get(one) ?? 0)
  return [...after.keys()].sort((one, other) => worked(other) - worked(one))[0] ?? 0
}
