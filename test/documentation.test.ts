import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { entries } from '../entries.ts'

const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const { config } = ts.readConfigFile(at('tsconfig.json'), (path) => ts.sys.readFile(path)) as { config: { compilerOptions: object } }
const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, at('.'))
const program = ts.createProgram(
  entries.map(({ file }) => at(`src/${file}.ts`)),
  { ...options, noEmit: true },
)
const checker = program.getTypeChecker()

/** The public names of an entry that nothing is said about. */
function undocumented(file: string): string[] {
  const source = program.getSourceFile(at(`src/${file}.ts`))
  const module = source && checker.getSymbolAtLocation(source)
  if (!module) return [`src/${file}.ts exports nothing`]
  return checker.getExportsOfModule(module).flatMap((exported) => {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
    return symbol.getDocumentationComment(checker).length > 0 ? [] : [exported.name]
  })
}

describe.each(entries)('$name', ({ file }) => {
  it('says of every public name what it is', () => {
    expect(undocumented(file)).toEqual([])
  })
})
