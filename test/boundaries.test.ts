import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { entries } from '../entries.ts'

/** Path from the repository's root to the file's text. */
type Files = ReadonlyMap<string, string>

interface Import {
  specifier: string
  /** The file it leads to, or `null` when it is another package's. */
  target: string | null
}

interface Room {
  /** Rooms it may import by relative path, its own among them. */
  rooms: readonly string[]
  /** Packages it may import. */
  packages: readonly string[]
  /** Rooms whose names it may import from `eventwire/core`: by name, so that the build holds what is in there once. */
  viaCore?: readonly string[]
}

/** The layers without React, the lowest first: each may import itself and what lies below. */
const LAYERS = ['protocol', 'options', 'connection', 'stream', 'client']

/** Who may import what. An entry, a file right in `src`, is the room `entry`. */
const ROOMS: Readonly<Record<string, Room>> = {
  ...Object.fromEntries(LAYERS.map((layer, index) => [layer, { rooms: LAYERS.slice(0, index + 1), packages: [] }])),
  transports: {
    rooms: ['transports', 'protocol'],
    packages: ['@microsoft/fetch-event-source'],
    viaCore: ['transports', 'protocol'],
  },
  server: { rooms: ['server', 'protocol'], packages: [], viaCore: LAYERS },
  llm: { rooms: ['llm'], packages: [], viaCore: [...LAYERS, 'entry'] },
  react: { rooms: ['react'], packages: ['react'], viaCore: [...LAYERS, 'entry'] },
  testing: {
    rooms: ['testing', 'protocol'],
    packages: [
      'react',
      'eventwire',
      'eventwire/native',
      'msw',
      'node:fs/promises',
      'node:http',
      'node:http2',
      'node:net',
      'node:stream/consumers',
      'node:timers/promises',
      'node:util',
    ],
    viaCore: [...LAYERS, 'transports', 'entry'],
  },
  entry: {
    rooms: [...LAYERS, 'transports', 'react', 'testing', 'llm', 'server'],
    packages: ['eventwire'],
    viaCore: [...LAYERS, 'transports', 'entry'],
  },
}
const CORE = 'eventwire/core'

/** What Node lacks, as a value or as a type. */
const DOM_ONLY = new Set(
  `cancelAnimationFrame Document document DocumentVisibilityState Element EventSource HTMLElement indexedDB Location
   localStorage location Node requestAnimationFrame screen self ServiceWorker sessionStorage SharedWorker Window window
   XMLHttpRequest`.split(/\s+/),
)
const WITHOUT_DOM = LAYERS
/** The one file below React that asks where it runs. */
const ENVIRONMENT = 'src/protocol/page.ts'

const MAX_LINES = 320
const VAGUE_NAME = /^(utils?|helpers?|common|misc|index)$/

const roomOf = (path: string): string => (path.split('/').length === 2 ? 'entry' : (path.split('/')[1] ?? ''))

function parse(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
}

function importsOf(files: Files, path: string, text: string): Import[] {
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName: specifier }) => {
    if (!specifier.startsWith('.')) {
      const entry = entries.find(({ name }) => name === specifier)
      return { specifier, target: entry ? `src/${entry.file}.ts` : null }
    }
    const base = posix.join(posix.dirname(path), specifier).replace(/\.js$/, '')
    return { specifier, target: [`${base}.ts`, `${base}.tsx`].find((file) => files.has(file)) ?? base }
  })
}

function badImports(files: Files, path: string, text: string): string[] {
  const room = ROOMS[roomOf(path)]
  if (!room) return [`${path}: ${roomOf(path)} is no room of the house`]
  const named = viaCore(path, text)
  const strange = named?.filter((name) => !room.viaCore?.includes(ownerInCore(files, name))) ?? []
  return [
    ...importsOf(files, path, text)
      .filter(({ specifier, target }) => {
        if (specifier.startsWith('.') && target) return !files.has(target) || !room.rooms.includes(roomOf(target))
        return specifier === CORE ? !room.viaCore || !named : !room.packages.includes(specifier)
      })
      .map(({ specifier }) => `${path}: must not import ${specifier}`),
    ...(room.viaCore ? strange.map((name) => `${path}: must not import ${name} from ${CORE}`) : []),
  ]
}

type Named = ts.ImportDeclaration | ts.ExportDeclaration

/** The names that a file imports, or exports again, from `from`; `null` when it does not say which. */
function namesFrom(path: string, text: string, from: (specifier: string) => boolean): string[] | null {
  const declarations = parse(path, text).statements.filter(
    (statement): statement is Named =>
      (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) &&
      statement.moduleSpecifier !== undefined &&
      ts.isStringLiteral(statement.moduleSpecifier) &&
      from(statement.moduleSpecifier.text),
  )
  const names: string[] = []
  for (const declaration of declarations) {
    const clause = ts.isImportDeclaration(declaration)
      ? declaration.importClause?.namedBindings
      : declaration.exportClause
    if (!clause || !(ts.isNamedImports(clause) || ts.isNamedExports(clause))) return null
    names.push(...clause.elements.map(({ name, propertyName }) => (propertyName ?? name).text))
  }
  return names
}

const viaCore = (path: string, text: string): string[] | null =>
  namesFrom(path, text, (specifier) => specifier === CORE)

/** The room that `eventwire/core` has a name from: `entry` for what it binds itself. */
function ownerInCore(files: Files, name: string): string {
  const text = files.get('src/core.ts') ?? ''
  const owner = Object.keys(ROOMS).find((room) =>
    namesFrom('src/core.ts', text, (specifier) => specifier.startsWith(`./${room}/`))?.includes(name),
  )
  return owner ?? 'entry'
}

function badGlobals(path: string, text: string): string[] {
  if (!WITHOUT_DOM.includes(roomOf(path)) || path === ENVIRONMENT) return []
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && DOM_ONLY.has(node.text) && !isName(node)) found.push(node.text)
    ts.forEachChild(node, visit)
  }
  visit(parse(path, text))
  return found.map((name) => `${path}: Node has no ${name}`)
}

/** Whether an identifier only names a property or a declaration, as `location` does in `response.location`. */
function isName(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node
  if (ts.isQualifiedName(parent)) return parent.right === node
  if (ts.isShorthandPropertyAssignment(parent)) return false
  return 'name' in parent && parent.name === node
}

/** Entries re-export and bind: a function of theirs is one `return`. */
function badEntry(path: string, text: string): string[] {
  if (roomOf(path) !== 'entry') return []
  return parse(path, text)
    .statements.filter((statement) => {
      if (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) return false
      if (ts.isExpressionStatement(statement)) return !ts.isStringLiteral(statement.expression)
      if (!ts.isFunctionDeclaration(statement)) return true
      const body = statement.body?.statements
      return body && !(body.length === 1 && body.every(ts.isReturnStatement))
    })
    .map((statement) => `${path}: an entry holds no logic: ${statement.getText().split('\n')[0]}`)
}

function badFile(path: string, text: string): string[] {
  const lines = text.split('\n').length - 1
  const name = posix.basename(path).split('.')[0] ?? ''
  return [
    ...(lines > MAX_LINES ? [`${path}: ${lines} lines are more than ${MAX_LINES}`] : []),
    ...(VAGUE_NAME.test(name) && path !== 'src/index.ts' ? [`${path}: ${name} is not a noun for what it holds`] : []),
  ]
}

/** Every import that closes a circle, those of types too. */
function cycles(files: Files): string[] {
  const found: string[] = []
  const done = new Set<string>()
  const walk = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path)
    if (start >= 0) found.push([...trail.slice(start), path].join(' → '))
    const text = files.get(path)
    if (done.has(path) || start >= 0 || text === undefined) return
    for (const { target } of importsOf(files, path, text)) if (target) walk(target, [...trail, path])
    done.add(path)
  }
  for (const path of files.keys()) walk(path, [])
  return found
}

function violations(files: Files): string[] {
  return [
    ...[...files].flatMap(([path, text]) =>
      [badImports(files, path, text), badGlobals(path, text), badEntry(path, text), badFile(path, text)].flat(),
    ),
    ...cycles(files),
  ]
}

describe('the boundaries of src', () => {
  const root = new URL('../', import.meta.url)
  const files: Files = new Map(
    readdirSync(new URL('src', root), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.tsx?$/.test(path))
      .map((path) => `src/${path.replaceAll('\\', '/')}`)
      .map((path) => [path, readFileSync(new URL(path, root), 'utf8')]),
  )

  test('hold', () => {
    expect(files.has('src/index.ts') && files.has('src/client/client.ts')).toBe(true)
    expect(violations(files)).toEqual([])
  })
})

describe('the checker reports', () => {
  const check = (files: Record<string, string>) => violations(new Map(Object.entries(files)))
  const lines = (count: number) => 'export {}\n'.repeat(count)

  test.each<[what: string, files: Record<string, string>, violation: string]>([
    ['react in client', { 'src/client/a.ts': "import { useState } from 'react'" }, 'must not import react'],
    [
      'a name of client in a transport, through the entry',
      {
        'src/transports/a.ts': "import type { Client, SSEError } from 'eventwire/core'",
        'src/core.ts': "export type { Client } from './client/b.js'\nexport { SSEError } from './protocol/c.js'",
        'src/client/b.ts': '',
        'src/protocol/c.ts': '',
      },
      'must not import Client from eventwire/core',
    ],
    [
      'what the entry binds, in a transport',
      { 'src/transports/a.ts': "import { createSSEClient } from 'eventwire/core'", 'src/core.ts': '' },
      'must not import createSSEClient from eventwire/core',
    ],
    [
      'all of core in a transport',
      { 'src/transports/a.ts': "import * as core from 'eventwire/core'", 'src/core.ts': '' },
      'must not import eventwire/core',
    ],
    ['react in protocol, as a type', { 'src/protocol/a.ts': "import type { FC } from 'react'" }, 'import react'],
    ['any package in client', { 'src/client/a.ts': "import { z } from 'zod'" }, 'must not import zod'],
    ['a built-in in client', { 'src/client/a.ts': "import 'node:fs'" }, 'must not import node:fs'],
    ['a required module', { 'src/client/a.ts': "const fs = require('fs')" }, 'must not import fs'],
    ['an import() in client', { 'src/client/a.ts': "await import('react')" }, 'must not import react'],
    ['an import type in client', { 'src/client/a.ts': "type A = import('react').FC" }, 'must not import react'],
    ['client that names its own package', { 'src/client/a.ts': "export * from 'eventwire/core'" }, 'import eventwire/core'],
    [
      'a transport in client',
      { 'src/client/a.ts': "export { b } from '../transports/b.js'", 'src/transports/b.ts': '' },
      'must not import ../transports/b.js',
    ],
    [
      'client in protocol',
      { 'src/protocol/a.ts': "import '../client/b.js'", 'src/client/b.ts': '' },
      'must not import ../client/b.js',
    ],
    [
      'client in a transport',
      { 'src/transports/a.ts': "import type { B } from '../client/b.js'", 'src/client/b.ts': '' },
      'must not import ../client/b.js',
    ],
    [
      'client in react by its path, which would build it twice',
      { 'src/react/a.tsx': "import { b } from '../client/b.js'", 'src/client/b.ts': '' },
      'must not import ../client/b.js',
    ],
    ...LAYERS.slice(1).map((layer, index): [string, Record<string, string>, string] => [
      `${layer} in ${LAYERS[index]}, which lies below`,
      { [`src/${LAYERS[index]}/a.ts`]: `import type { B } from '../${layer}/b.js'`, [`src/${layer}/b.ts`]: '' },
      `must not import ../${layer}/b.js`,
    ]),
    ['an entry in react', { 'src/react/a.ts': "import '../core.js'", 'src/core.ts': '' }, 'must not import ../core.js'],
    ['testing in react', { 'src/react/a.ts': "import 'eventwire/testing'" }, 'must not import eventwire/testing'],
    ['a file that is not there', { 'src/client/a.ts': "import './gone.js'" }, 'must not import ./gone.js'],
    ['a room that nobody planned', { 'src/stuff/a.ts': '' }, 'stuff is no room'],
    ['document in client', { 'src/client/a.ts': 'document.title' }, 'Node has no document'],
    ['window in protocol', { 'src/protocol/a.ts': 'const w = window' }, 'Node has no window'],
    ['a shorthand window', { 'src/client/a.ts': 'const w = { window }' }, 'Node has no window'],
    ['a DOM type in client', { 'src/client/a.ts': 'let a: HTMLElement | null = null' }, 'Node has no HTMLElement'],
    ['logic in an entry', { 'src/core.ts': 'export const a = 1 + 1' }, 'an entry holds no logic: export const a'],
    [
      'a longer function in an entry',
      { 'src/core.ts': 'export function a() {\n  b()\n  return 1\n}' },
      'an entry holds no logic: export function a() {',
    ],
    ['a circle of types', { 'src/client/a.ts': "import type {} from './b.js'", 'src/client/b.ts': "import './a.js'" }, '→'],
    ['a file that imports itself', { 'src/client/a.ts': "import './a.js'" }, 'src/client/a.ts → src/client/a.ts'],
    ['a long file', { 'src/client/a.ts': lines(MAX_LINES + 1) }, `${MAX_LINES + 1} lines`],
    ['a vague name', { 'src/client/utils.ts': '' }, 'utils is not a noun'],
    ['a barrel', { 'src/client/index.ts': '' }, 'index is not a noun'],
  ])('%s', (_, files, violation) => {
    expect(check(files)).toEqual([expect.stringContaining(violation)])
  })

  test('nothing about what is allowed', () => {
    expect(
      check({
        'src/index.ts': "'use client'\nexport { useA } from './react/a.js'\nexport { b } from 'eventwire/core'",
        'src/client/b.ts': "import type { D } from '../protocol/d.js'\nexport const b = (r: D) => r.location",
        'src/protocol/page.ts': 'export const hidden = () => document.hidden',
        'src/protocol/d.ts': `export interface D { location: string; document?: string }\n${lines(MAX_LINES - 1)}`,
        'src/core.ts': "export { d } from './protocol/d.js'\nexport function c(a: 1): 2\nexport function c() {\n  return b\n}",
        'src/react/a.tsx': "import { useState } from 'react'\nimport { c, d } from 'eventwire/core'",
        'src/transports/f.ts': "import { d as e } from 'eventwire/core'",
        'src/testing/e.ts': "import { SSEProvider } from 'eventwire'\nimport type { D } from '../protocol/d.js'",
      }),
    ).toEqual([])
  })
})
