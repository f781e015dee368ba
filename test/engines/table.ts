import type { Reporter, TestCase, TestModule } from 'vitest/node'

/** Says at the end what each engine and runtime gave: a row a file, a column an engine. */
export const table: Reporter = {
  onTestRunEnd(modules) {
    const rows = new Map<string, Map<string, { passed: number; failed: number }>>()
    for (const module of modules)
      for (const test of module.children.allTests()) {
        const row = cell(rows, rowOf(module), () => new Map<string, { passed: number; failed: number }>())
        const count = cell(row, columnOf(module, test), () => ({ passed: 0, failed: 0 }))
        count[test.result().state === 'passed' ? 'passed' : 'failed']++
      }

    const columns = [...new Set([...rows.values()].flatMap((row) => [...row.keys()]))]
    const body = [...rows].map(([name, row]) => [
      name,
      ...columns.map((column) => {
        const { passed = 0, failed = 0 } = row.get(column) ?? {}
        return failed > 0 ? `${failed} FAILED` : passed > 0 ? String(passed) : '-'
      }),
    ])
    const lines = [['passed', ...columns], ...body]
    const width = (index: number) => Math.max(...lines.map((line) => line[index]?.length ?? 0))
    const text = lines.map((line) => line.map((word, index) => word.padEnd(width(index))).join('  '))
    console.log(`\n${text.join('\n')}\n`)
  },
}

const rowOf = ({ relativeModuleId }: TestModule) => relativeModuleId.replace(/^test\/|\.test\.tsx?$/g, '')

/** Projects are named after engines, and the runtimes' tests have a suite for each. */
function columnOf({ project }: TestModule, { parent }: TestCase): string {
  if (project.name !== 'runtimes') return project.name.replace(/-react.*/, '')
  return parent.type === 'suite' ? parent.name : project.name
}

function cell<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  let value = map.get(key)
  if (value === undefined) map.set(key, (value = create()))
  return value
}
