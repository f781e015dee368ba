/**
 * What the code blocks of README and docs leave out: a reader has these, or knows them from a block before. Compiled, never
 * run: `test/packaging/documentation.test.ts` imports into each block what it uses and does not declare.
 */
import type { NamedDecoder, SourceOptions, SSEClient, SSEDefinition, Transport } from 'eventwire/core'
import type { UserEvent } from '@testing-library/user-event'
import type { SetupServer } from 'msw/node'
import type { Page as BrowserPage } from 'playwright'
import type { ReactNode } from 'react'
import type { z } from 'zod'
import '@testing-library/jest-dom/vitest'

export { SSEProvider, useSSE, useSSEEvent, useSSEReducer, useSSERequest, useSSEStatus } from 'eventwire'
export { createSSEClient, createSSERequest, defineSSE, json, openSSE, readSSE, text } from 'eventwire/core'
export { createMockSSE } from 'eventwire/testing'
export { mockSSE } from 'eventwire/testing/msw'
export { createSSEServer } from 'eventwire/testing/node'
export { act, render, screen } from '@testing-library/react'
export { userEvent } from '@testing-library/user-event'
export { afterEach, beforeEach, expect, test, vi } from 'vitest'

/** What the app's streams bring. */
export interface Metrics {
  cpu: number
}
export interface Alert {
  title: string
}
export interface Order {
  id: string
}
export interface Token {
  text: string
}
export declare const MetricsSchema: z.ZodType<Metrics>

/** The definition of README, "Quick start"; a POST; the client of the app. */
export declare const ops: SSEDefinition<{
  metrics: z.ZodType<Metrics>
  alert: NamedDecoder<Alert, 'json'>
  log: NamedDecoder<string, 'text'>
}>
export declare const report: SourceOptions
export declare const client: SSEClient
export declare const log: {
  reaches(id: string): boolean
  read(after: string, signal: AbortSignal): AsyncIterable<{ type: 'alert'; data: Alert }>
}

/** The app's own. */
export declare function getToken(): Promise<string>
export declare function token(): string
export declare function toast(message: string): void
export declare function show(shown: string): void
export declare function pollingTransport(options: { everyMs: number }): Transport
export declare const signal: AbortSignal
export declare const prompt: string
export declare const App: () => ReactNode
export declare const Chat: () => ReactNode
export declare const Countdown: () => ReactNode
export declare const Dashboard: () => ReactNode
export declare const Orders: () => ReactNode

/** Of other libraries; a user of the app has an id. */
export declare const ky: { post(url: string, options: { json: unknown; timeout: false }): Promise<Response> }
export declare const api: {
  POST(url: string, options: { body: unknown; parseAs: 'stream' }): Promise<{ data?: ReadableStream<Uint8Array> }>
}
export declare const user: UserEvent & { readonly id: string }
export declare const server: SetupServer
export declare const page: BrowserPage

/** What both ends of a dashboard share: `examples/servers/board/board.ts`. */
export declare const board: SSEDefinition<{
  state: NamedDecoder<Readonly<Record<string, number>>, 'json'>
  change: NamedDecoder<{ readonly name: string; readonly value: number | null }, 'json'>
}>
export declare const EMPTY: Readonly<Record<string, number>>
export declare function fold(
  before: Readonly<Record<string, number>>,
  event:
    | { readonly type: 'state'; readonly data: Readonly<Record<string, number>> }
    | { readonly type: 'change'; readonly data: { readonly name: string; readonly value: number | null } },
): Readonly<Record<string, number>>
