import { resolve } from 'node:path'
import ts from 'typescript'
import oldest from './node_modules/typescript/lib/typescript.js'
import { describe, expect, it } from 'vitest'

const HEAD = `
import { openSSE } from 'eventwire/core'
import { createSSEClient, defineSSE, json, SSEProvider, text, useSSE, useSSEEvent, useSSEReducer, useSSERequest, useSSEStatus } from 'eventwire'
const ops = defineSSE({ url: '/e', events: { metrics: json<{ cpu: number }>(), alert: json<{ title: string }>(), log: text() } })
`
const SOURCE = ['url', 'headers', 'decode', 'events', 'retry', 'history', 'onMessage', 'until']
const OPTIONS = ['history', 'enabled', 'retry', 'decode', 'events', 'onMessage', 'onError', 'until']
const URLS = ['hash', 'host', 'href', 'searchParams']
const TYPES = ['metrics', 'alert', 'log']
const RETRY = ['baseMs', 'maxMs', 'factor', 'jitter', 'attempts', 'stableMs']

/** What a newcomer has written when an editor is asked, at the bar; what it must offer, what it must not, and all of it. */
const PLACES: { at: string; offers: readonly string[]; hides?: readonly string[]; whole?: boolean }[] = [
  { at: `useSSE('/e', { | })`, offers: [...OPTIONS, 'select', 'isEqual', 'keepPreviousData'], hides: URLS },
  { at: `useSSE(ops, { | })`, offers: [...OPTIONS, 'select', 'isEqual', 'keepPreviousData'], hides: URLS },
  { at: `useSSE<{ cpu: number }>('/e', { | })`, offers: [...OPTIONS, 'select', 'isEqual'] },
  { at: `useSSE({ url: '/e' }, { | })`, offers: [...OPTIONS, 'select', 'isEqual'] },
  { at: `useSSE({ url: '/e', | })`, offers: SOURCE.slice(1), hides: URLS },
  { at: `useSSEEvent({ url: '/e', | }, 'a', () => {})`, offers: SOURCE.slice(1), hides: URLS },
  { at: `openSSE({ url: '/e', | })`, offers: ['signal', 'headers', 'decode', 'until'], hides: [...URLS, 'onMessage', 'history'] },
  { at: `useSSE(ops).|`, offers: ['data', 'status', 'latest', 'history', 'error', 'open', 'close', 'reconnect', 'restart', 'clear'] },
  { at: `useSSE(ops, { select: (s) => s.| })`, offers: ['data', 'status', 'latest', 'history', 'error'], hides: ['open'] },
  { at: `useSSE(ops).latest.|`, offers: TYPES, whole: true },
  { at: `useSSE(ops, { select: (s) => s.latest.| })`, offers: TYPES, whole: true },
  { at: `useSSEEvent(ops, '|', () => {})`, offers: TYPES, whole: true },
  { at: `useSSEEvent(ops, ['alert', '|'], () => {})`, offers: ['metrics', 'log'] },
  { at: `useSSEEvent(ops, { | })`, offers: TYPES, whole: true },
  { at: `useSSEEvent(ops, 'alert', (alert) => alert.|)`, offers: ['title'], whole: true },
  { at: `useSSEReducer(ops, (n, event) => (event.type === '|' ? 1 : n), 0)`, offers: TYPES, whole: true },
  { at: `useSSE('/e', { retry: { | } })`, offers: RETRY, whole: true },
  { at: `useSSE('/e', { persist: { | } })`, offers: ['key', 'storage', 'version', 'maxAgeMs', 'maxBytes'], whole: true },
  { at: `useSSEReducer(ops, (n: number) => n, 0, { | })`, offers: ['from', 'recover', 'persistAs', 'history'], hides: ['onMessage', 'select'] },
  { at: `useSSERequest({ url: '/e', | })`, offers: ['initial', 'reduce', 'until', 'decode', 'onStop', 'detach'], hides: ['live', 'history', 'enabled'] },
  { at: `useSSEStatus({ | })`, offers: ['graceMs'] },
  { at: `createSSEClient().subscribe(ops, { | })`, offers: [...OPTIONS, 'onChange'], hides: ['select'] },
  { at: `void (<SSEProvider |>a</SSEProvider>)`, offers: ['baseUrl', 'headers', 'transport', 'client', 'retry'], hides: ['url', 'select'] },
  { at: `if (useSSE('/e').status === '|') {}`, offers: ['idle', 'connecting', 'open', 'reconnecting', 'paused', 'closed', 'failed'], whole: true },
  { at: `if (useSSE('/e').error?.code === '|') {}`, offers: ['network', 'status', 'content-type', 'unauthorized', 'interrupted'] },
]

/** Asks the language service of one TypeScript; the package's names lead to its source. */
function createEditor(compiler: typeof ts) {
  const file = resolve('test/types/editor.tsx')
  const { config } = compiler.readConfigFile(resolve('tsconfig.json'), (path) => compiler.sys.readFile(path)) as {
    config: { compilerOptions: object }
  }
  const { options } = compiler.convertCompilerOptionsFromJson(config.compilerOptions, resolve('.'))
  let text = ''
  let version = 0
  const service = compiler.createLanguageService({
    getCompilationSettings: () => options,
    getScriptFileNames: () => [file],
    getScriptVersion: (name) => (name === file ? String(version) : '0'),
    getScriptSnapshot(name) {
      const content = name === file ? text : compiler.sys.readFile(name)
      return content === undefined ? undefined : compiler.ScriptSnapshot.fromString(content)
    },
    getCurrentDirectory: () => resolve('.'),
    getDefaultLibFileName: (settings) => compiler.getDefaultLibFilePath(settings),
    fileExists: (name) => name === file || compiler.sys.fileExists(name),
    readFile: (name) => (name === file ? text : compiler.sys.readFile(name)),
    directoryExists: (name) => compiler.sys.directoryExists(name),
    getDirectories: (name) => compiler.sys.getDirectories(name),
  })
  return (code: string): string[] => {
    const at = HEAD.length + code.indexOf('|')
    text = HEAD + code.replace('|', '')
    version++
    const { entries = [] } = service.getCompletionsAtPosition(file, at, {}) ?? {}
    return entries.map(({ name }) => name)
  }
}

describe.each([
  { version: '5.4', compiler: oldest },
  { version: '6', compiler: ts },
])('an editor with TypeScript $version', { timeout: 60_000 }, ({ compiler }) => {
  const ask = createEditor(compiler)

  it.each(PLACES)('$at', ({ at, offers, hides = [], whole }) => {
    const offered = ask(at)
    expect(offered).toEqual(expect.arrayContaining([...offers]))
    expect(offered.filter((name) => hides.includes(name))).toEqual([])
    // Of a short list nothing else is in it.
    expect(whole ? offered.length : offers.length).toBe(offers.length)
  })
})
