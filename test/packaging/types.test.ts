import { execFile } from 'node:child_process'
import { cp, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { entries } from '../../entries.ts'

const compilers = [
  { version: '5.4', script: 'test/types/node_modules/typescript/bin/tsc' },
  { version: '6', script: 'node_modules/typescript/bin/tsc6' },
  { version: '7', script: 'node_modules/@typescript/native/bin/tsc' },
]

/** What decides which of the declarations a compiler finds. */
const resolutions = [
  { resolution: 'bundler', module: 'preserve' },
  { resolution: 'node16', module: 'node16' },
  { resolution: 'nodenext', module: 'nodenext' },
]

const options = [
  '--noEmit --strict --exactOptionalPropertyTypes --types node --jsx react-jsx --target es2022',
  '--lib es2022,dom,dom.iterable,dom.asynciterable',
]
  .join(' ')
  .split(' ')

// Every entry as an ES module and as CommonJS.
const imports = ['module.mts', 'script.cts']
// What the types promise, and the documentation's examples.
const uses = ['examples.tsx', 'inference.tsx']
const withoutDOM = 'node.ts'

beforeAll(async () => {
  const write = (file: string, line: (name: string, as: string) => string) =>
    writeFile(join(inject('consumer'), file), entries.map(({ name }, index) => line(name, `e${index}`)).join('\n'))
  await write('module.mts', (name, as) => `import * as ${as} from '${name}'\nexport { ${as} }`)
  await write('script.cts', (name, as) => `import ${as} = require('${name}')\nexport { ${as} }`)
  for (const file of [...uses, withoutDOM]) await cp(resolve('test/types', file), join(inject('consumer'), file))
})

/**
 * What a compiler has to say; of other packages' declarations nothing, which may be for newer compilers. MSW is an ES
 * module alone, which CommonJS may require since TypeScript 5.8.
 */
async function complaints(script: string, ...args: string[]): Promise<string[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [resolve(script), ...options, ...args], {
    cwd: inject('consumer'),
  }).catch((error: { stdout: string }) => error)
  return stdout.split('\n').filter((line) => /^[^ .]/.test(line) && !/error TS1479.*import\("msw"\)/.test(line))
}

describe.each(compilers)('TypeScript $version', ({ script }) => {
  test.each(resolutions)('infers what users rely on ($resolution)', async ({ resolution, module }) => {
    const modules = ['--skipLibCheck', '--module', module, '--moduleResolution', resolution]
    expect(await complaints(script, ...modules, ...imports, ...uses)).toEqual([])
  })

  test('finds nothing wrong in the declarations themselves', async () => {
    expect(await complaints(script, '--skipLibCheck', 'false', '--module', 'nodenext', ...imports)).toEqual([])
  })

  test('finds all that core and the testing kits name in a Node project without the DOM', async () => {
    const project = ['--skipLibCheck', 'false', '--module', 'nodenext', '--lib', 'es2022']
    expect(await complaints(script, ...project, withoutDOM)).toEqual([])
  })
})
