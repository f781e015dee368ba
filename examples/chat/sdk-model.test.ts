import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSSE } from 'eventwire/core'
import { openAIChat } from 'eventwire/llm'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createModel as createPlainModel } from '../../test/e2e/chat-model.ts'
import { answerTo, createLocalModel, FAILURE } from './local-model.ts'
import type { Message, Model } from './model.ts'
import { createModel, createSDKModel } from './sdk-model.ts'

const question = (content: string): Message[] => [{ role: 'user', content }]

async function localModel() {
  const local = createLocalModel()
  const baseURL = await local.listen()
  onTestFinished(() => local.close())
  return { local, baseURL }
}

async function all(model: Model, content: string): Promise<unknown[]> {
  const chunks: unknown[] = []
  for await (const chunk of model.ask(question(content), new AbortController().signal)) chunks.push(chunk)
  return chunks
}

describe("OpenAI's SDK", () => {
  it('gives the very chunks that the tests without it see', async () => {
    const { baseURL } = await localModel()
    const [one, two] = await Promise.all([all(createModel(baseURL), 'Why?'), all(createPlainModel(baseURL), 'Why?')])
    const nameless = (chunks: unknown[]) => JSON.parse(JSON.stringify(chunks).replaceAll(/chatcmpl-\d+/g, '')) as unknown
    expect(nameless(one)).toEqual(nameless(two))
    expect(one.length).toBeGreaterThan(50)
  })

  it("throws the vendor's words, of an error in the middle and of a refusal", async () => {
    const { baseURL } = await localModel()
    await expect(all(createModel(baseURL), 'fail')).rejects.toThrow(FAILURE)
    const wrong = createSDKModel({ baseURL: baseURL.replace('/v1', '/v2'), apiKey: 'local', model: 'local' })
    await expect(all(wrong, 'Why?')).rejects.toThrow('This model knows POST /v1/chat/completions.')
  })

  it('lets go of the model when the run is stopped', async () => {
    const { local, baseURL } = await localModel()
    const stop = new AbortController()
    const reading = (async () => {
      for await (const _ of createModel(baseURL).ask(question('at length'), stop.signal)) stop.abort()
    })()
    await expect(reading).rejects.toThrow('aborted')
    await expect.poll(() => local.writing()).toBe(0)
  })
})

/** What `npm run chat` runs, on any port; gives where it is, and ends it as Ctrl-C does. */
async function startCommand(env: Record<string, string> = {}) {
  const { OPENAI_API_KEY: _key, OPENAI_BASE_URL: _url, OPENAI_MODEL: _model, ...around } = process.env
  const child = spawn(process.execPath, [`${import.meta.dirname}/start.ts`, '--port', '0'], { env: { ...around, ...env } })
  onTestFinished(() => void child.kill('SIGKILL'))
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text))
  await expect.poll(() => said, { timeout: 20_000 }).toContain('Ctrl-C')
  return {
    origin: /http:\/\/\S+/.exec(said)?.[0] ?? '',
    said: () => said,
    async end() {
      const exited = once(child, 'exit')
      child.kill('SIGINT')
      return exited
    },
  }
}

async function textOf(origin: string, content: string): Promise<string> {
  const { initial, reduce, ...format } = openAIChat()
  let answer = initial
  for await (const event of openSSE({ url: `${origin}/chat`, body: { run: 'test-run', messages: question(content) }, ...format }))
    answer = reduce(answer, event)
  return answer.text
}

describe('npm run chat', () => {
  it('serves the page, and answers from a local model', async () => {
    const { origin, said, end } = await startCommand()
    expect(said()).toContain('answered by a local model')
    expect(await fetch(origin).then((response) => response.text())).toContain('<title>eventwire chat</title>')
    expect(await textOf(origin, 'Why?')).toBe(answerTo(question('Why?')))
    expect(await end()).toEqual([0, null])
  })

  it('asks OpenAI with a key in the environment', async () => {
    // Another server in its place, which the SDK is told of as anybody would.
    const { baseURL } = await localModel()
    const { origin, said, end } = await startCommand({ OPENAI_API_KEY: 'secret', OPENAI_BASE_URL: baseURL, OPENAI_MODEL: 'gpt-any' })
    expect(said()).toContain('answered by gpt-any')
    expect(await textOf(origin, 'Why?')).toBe(answerTo(question('Why?')))
    expect(await end()).toEqual([0, null])
  })
})
