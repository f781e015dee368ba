/**
 * What is used here of the peers. They have a lock file of their own and are not there when types are checked; that they
 * are as described is what each run finds out before it measures.
 */

declare module 'ai' {
  export class DefaultChatTransport {
    constructor(options: { readonly api: string })
    readonly sendMessages: (options: object) => Promise<ReadableStream>
  }
}

declare module '@ai-sdk/react' {
  import type { DefaultChatTransport } from 'ai'

  export function useChat(options: { readonly transport: DefaultChatTransport; readonly throttle?: number }): {
    readonly messages: readonly {
      readonly role: string
      readonly parts: readonly { readonly type: string; readonly text?: string }[]
    }[]
    readonly error: Error | undefined
    readonly sendMessage: (message: { readonly text: string }) => Promise<void>
  }
}

declare module '@tanstack/ai-react' {
  export function fetchServerSentEvents(url: string): object

  export function useChat(options: { readonly connection: object }): {
    readonly messages: readonly {
      readonly role: string
      readonly parts: readonly { readonly type: string; readonly content?: string }[]
    }[]
    readonly error: Error | undefined
    readonly sendMessage: (content: string) => Promise<void>
  }
}
