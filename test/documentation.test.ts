import { readFileSync } from 'node:fs'
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

/** What an entry exports, as it was declared. */
function exportsOf(file: string): ts.Symbol[] {
  const source = program.getSourceFile(at(`src/${file}.ts`))
  const module = source && checker.getSymbolAtLocation(source)
  return (module ? checker.getExportsOfModule(module) : []).map((exported) =>
    exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported,
  )
}

const tagOf = (symbol: ts.Symbol, name: string) => symbol.getJsDocTags(checker).find((tag) => tag.name === name)
const commentOf = (symbol: ts.Symbol) => ts.displayPartsToString(symbol.getDocumentationComment(checker))

/** The functions of an entry that users call, without an example in which they are imported and called. */
function withoutExample({ file, name }: (typeof entries)[number]): string[] {
  return exportsOf(file)
    .filter((symbol) => symbol.flags & (ts.SymbolFlags.Function | ts.SymbolFlags.Class) && !tagOf(symbol, 'internal'))
    // Who writes a transport has a whole one in examples/transports.
    .filter((symbol) => !commentOf(symbol).includes('For transports'))
    .filter((symbol) => {
      const example = ts.displayPartsToString(tagOf(symbol, 'example')?.text)
      const imported = new RegExp(`import \\{[^}]*\\b${symbol.name}\\b[^}]*\\} from 'eventwire`)
      return !imported.test(example) || !/^```tsx?\n[^]*\n```$/.test(example)
    })
    .map((symbol) => `${name}: ${symbol.name}`)
}

/** Types that are options, by the file that has them. */
const OPTIONS = {
  core: ['SourceOptions', 'ClientOptions', 'OpenOptions', 'RetryOptions', 'PersistOptions', 'RenewOptions', 'SSERequestOptions', 'SubscribeOptions', 'FetchTransportOptions'],
  index: ['UseSSEReducerOptions', 'UseSSERequestOptions', 'UseSSEStatusOptions', 'SSEProviderProps', 'Selecting'],
}

/** What says of a number what it counts. */
const UNIT = /\bms\b|\bevents\b|\bids\b|code units|Retries|multiplies|from 0 to 1/

/** The options whose hover lacks a word, a default or a unit. */
function vagueOptions(file: 'core' | 'index'): string[] {
  return OPTIONS[file].flatMap((name) => {
    const found = exportsOf(file).find((symbol) => symbol.name === name)
    const known = found ? checker.getDeclaredTypeOfSymbol(found).getProperties() : []
    if (known.length === 0) return [`${name} has no options`]
    return known.flatMap((option) => {
      const comment = commentOf(option)
      const type = checker.typeToString(checker.getTypeOfSymbol(option))
      const optional = option.flags & ts.SymbolFlags.Optional
      const listens = /^on[A-Z]/.test(option.name)
      const lacks = [
        comment === '' && 'a word',
        optional && !listens && !/default/i.test(comment) && 'a default',
        /\bnumber\b/.test(type) && !/=> /.test(type) && option.name !== 'version' && !UNIT.test(comment) && 'a unit',
      ].filter((what) => what !== false && what !== 0)
      return lacks.map((what) => `${name}.${option.name} lacks ${what}`)
    })
  })
}

it('every function has an example, in which it is imported', () => {
  expect(entries.flatMap(withoutExample)).toEqual([])
})

it('every option says what it does, its unit and its default', () => {
  expect([...vagueOptions('core'), ...vagueOptions('index')]).toEqual([])
})

it('every error code has its cure, the same in the README', () => {
  const code = exportsOf('core').find(({ name }) => name === 'SSEErrorCode')
  const union = code && checker.getDeclaredTypeOfSymbol(code)
  const codes = union?.isUnion() ? union.types.map((type) => (type.isStringLiteral() ? type.value : '')) : []
  const hover = code ? commentOf(code).split('\n') : []
  const rows = readFileSync(at('README.md'), 'utf8').matchAll(/^\| `([a-z-]+)` \| (.*) \| (.*) \|$/gm)
  const readme = Array.from(rows, ([, name = '', happened = '', cure = '']) => `- \`${name}\`: ${happened}. Cure: ${cure}`)
  expect(codes).toHaveLength(13)
  expect(hover.filter((line) => line.startsWith('- '))).toEqual(readme.filter((line) => codes.some((one) => line.startsWith(`- \`${one}\``))))
  expect(hover.filter((line) => line.startsWith('- '))).toHaveLength(codes.length)
})

describe.each(entries)('$name', ({ file }) => {
  it('says of every public name what it is', () => {
    expect(undocumented(file)).toEqual([])
  })
})
