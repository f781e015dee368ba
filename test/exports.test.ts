import { readFileSync } from 'node:fs'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { entries } from '../entries.ts'

/** The public names that exist at run time, sorted. Whoever adds or takes away one says so here and in CHANGELOG.md. */
const manifest: Readonly<Record<string, readonly string[]>> = {
  eventwire: [
    'SSEError',
    'SSEProvider',
    'createSSEClient',
    'defineSSE',
    'json',
    'text',
    'useSSE',
    'useSSEEvent',
    'useSSEReducer',
    'useSSERequest',
    'useSSEStatus',
  ],
  'eventwire/core': [
    'IDLE_SNAPSHOT',
    'NO_STREAMS',
    'SSEError',
    'askRequest',
    'checkArguments',
    'checkDefaults',
    'checkRequest',
    'checkRequestOptions',
    'createClient',
    'createOwnedRequest',
    'createParser',
    'createSSEClient',
    'createSSERequest',
    'defectError',
    'defineSSE',
    'fetchInit',
    'fetchTransport',
    'isRecord',
    'json',
    'leavesCursorOut',
    'nearest',
    'networkError',
    'openSSE',
    'overlaid',
    'promiseError',
    'readSSE',
    'reduced',
    'refusalOf',
    'requestError',
    'responseError',
    'settled',
    'text',
    'watchStatus',
  ],
  'eventwire/native': ['nativeTransport'],
  'eventwire/cross-tab': ['crossTabTransport'],
  'eventwire/fetch-event-source': ['fetchEventSourceTransport'],
  'eventwire/llm': ['aiSDKMessages', 'anthropicMessages', 'geminiContent', 'openAIChat', 'openAIResponses'],
  'eventwire/server': ['encodeEvent', 'eventStream', 'lastEventIdOf', 'resumeHeaders'],
  'eventwire/testing': ['createMockSSE', 'createVirtualClock', 'createVirtualPage', 'formatEvent', 'mockTransport', 'transportConformance'],
  'eventwire/testing/msw': ['mockSSE'],
  'eventwire/testing/node': ['createSSEServer', 'runMockServer'],
}

test('the package has these entries', () => {
  expect(entries.map(({ name }) => name)).toEqual(Object.keys(manifest))
})

test.each(entries)('$name exports these names', async ({ name }) => {
  const module: object = await import(/* @vite-ignore */ name)
  expect(Object.keys(module).sort()).toEqual(manifest[name])
})

test.each(entries)('the compiler finds $name in its source', ({ name, file }) => {
  const { config } = ts.readConfigFile('tsconfig.json', (path) => readFileSync(path, 'utf8'))
  expect(config).toHaveProperty(['compilerOptions', 'paths', name], [`./src/${file}.ts`])
})

test('eventwire is for the client: the directive comes first', () => {
  expect(readFileSync('src/index.ts', 'utf8')).toMatch(/^'use client'\n/)
})
