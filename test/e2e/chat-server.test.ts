import { setImmediate as nextTurn } from 'node:timers/promises'
import { openSSE, SSEError } from 'eventwire/core'
import { openAIChat } from 'eventwire/llm'
import { afterEach, describe, expect, it } from 'vitest'
import { answerTo, createLocalModel, FAILURE } from '../../examples/chat/local-model.js'
import type { Message, Model } from '../../examples/chat/model.js'
import { createChatServer } from '../../examples/chat/server.js'
import type { ChatServerOptions } from '../../examples/chat/server.js'
import { createModel } from './chat-model.js'
import { createPace, until } from './chat-page.js'

const releases: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const release of releases.splice(0).reverse()) await release()
})

const question = (content: string): Message[] => [{ role: 'user', content }]
const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length

async function start(options: Partial<ChatServerOptions> = {}) {
  const pace = createPace()
  const model = createLocalModel(pace)
  const baseURL = await model.listen()
  releases.push(() => model.close())
  const server = createChatServer({ model: createModel(baseURL), ...options })
  const origin = await server.listen(0)
  releases.push(() => server.close())
  return { ...pace, baseURL, model, server, origin }
}

/** What a page would have of an answer, and the ids that it came with. */
async function read(url: string, body: { run: string; messages: Message[] }, lastEventId = '') {
  const { initial, reduce, ...format } = openAIChat()
  const ids: string[] = []
  let answer = initial
  let error: unknown = null
  try {
    for await (const event of openSSE({ url, body, lastEventId, ...format })) {
      answer = reduce(answer, event)
      ids.push(event.lastEventId)
    }
  } catch (thrown) {
    error = thrown
  }
  return { text: answer.text, stopReason: answer.stopReason, usage: answer.usage, ids, error }
}

const refusal = async (origin: string, body: unknown, headers: Record<string, string> = {}) => {
  const response = await fetch(`${origin}/chat`, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers })
  // A seam: what the server answers is what this file tests.
  const { error } = (await response.json()) as { error: { message: string } }
  return [response.status, error.message]
}

describe('the model', () => {
  it('answers through whatever asks it, in the same words, and says what they cost', async () => {
    const { baseURL, origin } = await start()
    const messages = question('Why?')
    const { text, stopReason, usage, ids, error } = await read(`${origin}/chat`, { run: 'first-run', messages })
    expect([text, stopReason, error]).toEqual([answerTo(messages), 'stop', null])
    expect(usage).toMatchObject({ inputTokens: 1, outputTokens: expect.any(Number) })
    expect(ids).toEqual(ids.map((_, index) => String(index + 1)))
    // As the vendor does: the end is a word, and nothing comes behind it.
    const raw = await fetch(`${baseURL}/chat/completions`, {
      method: 'POST',
      headers: { Authorization: 'Bearer any' },
      body: JSON.stringify({ model: 'local', messages, stream: true }),
    }).then((response) => response.text())
    expect(raw.endsWith('data: [DONE]\n\n')).toBe(true)
    expect(raw.split('\n\n').filter((event) => event.startsWith('data: {'))).toHaveLength(ids.length)
  })

  it.each<[string, RequestInit, number, string]>([
    ['without a key', { method: 'POST', body: '{}' }, 401, 'You did not provide an API key.'],
    ['not streaming', { method: 'POST', body: '{}', headers: { Authorization: 'Bearer x' } }, 400, 'This model streams: ask it with "stream": true.'],
    ['of no question', { method: 'POST', body: '{"stream":true}', headers: { Authorization: 'Bearer x' } }, 400, 'There are no messages to answer.'],
    ['that is no JSON', { method: 'POST', body: 'x', headers: { Authorization: 'Bearer x' } }, 400, 'The body is no JSON.'],
  ])('refuses a request %s, in OpenAI’s form', async (_, init, status, message) => {
    const { baseURL } = await start()
    const response = await fetch(`${baseURL}/chat/completions`, init)
    expect([response.status, await response.json()]).toEqual([status, { error: { message, type: 'invalid_request_error' } }])
  })

  it('that fails says so in its own words, at the beginning and in the middle', async () => {
    const { origin } = await start()
    const middle = await read(`${origin}/chat`, { run: 'middle-run', messages: question('fail') })
    expect(middle.error).toMatchObject({ code: 'refused', message: FAILURE })
    expect([answerTo(question('fail')).startsWith(middle.text), middle.text.length > 20]).toEqual([true, true])

    const refusing: Model = {
      name: 'refusing',
      // oxlint-disable-next-line eslint/require-yield -- it has nothing to say
      async *ask() {
        throw new Error('429 You exceeded your current quota')
      },
    }
    const second = await start({ model: refusing })
    const { error, text } = await read(`${second.origin}/chat`, { run: 'refused-run', messages: question('Why?') })
    expect([error, text]).toEqual([expect.objectContaining({ message: '429 You exceeded your current quota' }), ''])
  })
})

describe('a run', () => {
  it('goes on for nobody, is joined by its name, and is there for a while after its end', async () => {
    const { allow, left, origin, server } = await start()
    const body = { run: 'shared-run', messages: question('at length, please') }
    allow(50)
    const one = read(`${origin}/chat`, body)
    await until(() => left()).toBe(0)
    const two = read(`${origin}/chat`, body)
    await until(() => server.stats()).toMatchObject({ readers: 2, runs: 1, running: 1, requests: 2 })
    allow(Infinity)
    const [first, second] = await Promise.all([one, two])
    expect(second).toEqual(first)
    expect(first.text).toBe(answerTo(body.messages))
    // The rest of it, from every place of interest.
    for (const id of [1, 50, first.ids.length - 1]) {
      const rest = await read(`${origin}/chat`, body, String(id))
      expect([rest.ids, first.text.endsWith(rest.text)]).toEqual([first.ids.slice(id), true])
    }
    expect(server.stats()).toMatchObject({ readers: 0, running: 0, kept: 1, runs: 1 })
  })

  it('is forgotten in time: who comes later is told, and nothing is asked again', async () => {
    const { origin, server } = await start({ keepMs: 1 })
    const body = { run: 'short-run', messages: question('Why?') }
    await read(`${origin}/chat`, body)
    await until(() => server.stats().kept).toBe(0)
    const { error } = await read(`${origin}/chat`, body, '7')
    expect(error).toBeInstanceOf(SSEError)
    // A seam: it was looked at.
    const { status } = error as SSEError
    expect([status, (error as SSEError).json()]).toMatchObject([404, { error: { message: 'This answer is not kept any more.' } }])
    expect(server.stats().runs).toBe(1)
  })

  it('is stopped at the model', async () => {
    const { allow, left, origin, server, model } = await start()
    allow(20)
    const reading = read(`${origin}/chat`, { run: 'stopped-run', messages: question('Why?') })
    await until(() => left()).toBe(0)
    expect(model.writing()).toBe(1)
    const stopped = await fetch(`${origin}/chat/stopped-run/stop`, { method: 'POST' })
    expect(stopped.status).toBe(204)
    const { error, text } = await reading
    expect(error).toMatchObject({ message: 'The answer was stopped.' })
    expect(answerTo(question('Why?')).startsWith(text)).toBe(true)
    await until(() => model.writing()).toBe(0)
    expect(server.stats()).toMatchObject({ running: 0, kept: 1 })
    const unknown = await fetch(`${origin}/chat/unknown-run/stop`, { method: 'POST' })
    expect(unknown.status).toBe(404)
  })

  it('makes room for the next where there are a hundred', async () => {
    const { origin, server } = await start()
    await Promise.all(Array.from({ length: 100 }, (_, index) => read(`${origin}/chat`, { run: `many-runs-${index}`, messages: question('fail') })))
    expect(server.stats()).toMatchObject({ kept: 100, running: 0 })
    await read(`${origin}/chat`, { run: 'one-more-run', messages: question('fail') })
    expect(server.stats()).toMatchObject({ kept: 100, runs: 101 })
  })

  it('is refused where a hundred are being written', async () => {
    const { allow, origin, server } = await start()
    allow(0)
    const all = Array.from({ length: 100 }, (_, index) => read(`${origin}/chat`, { run: `busy-run-${index}`, messages: question('fail') }))
    await until(() => server.stats().running).toBe(100)
    expect(await refusal(origin, { run: 'one-more-run', messages: question('Why?') })).toEqual([429, 'Too many answers are being written: ask again in a while.'])
    allow(Infinity)
    await Promise.all(all)
  })
})

describe('a request that is none', () => {
  const messages = question('Why?')
  it.each<[unknown, number, string, Record<string, string>?]>([
    ['{', 400, 'The body is no JSON.'],
    [{}, 400, 'A run needs a name: 8 to 64 letters.'],
    [{ run: '../stats', messages }, 400, 'A run needs a name: 8 to 64 letters.'],
    [{ run: 'run-without', messages: [] }, 400, 'There are no messages to answer.'],
    [{ run: 'run-without', messages: [{ role: 'system', content: '' }] }, 400, 'There are no messages to answer.'],
    [{ run: 'run-unknown', messages }, 404, 'This answer is not kept any more.', { 'Last-Event-ID': '3' }],
    [`"${'x'.repeat(1024 * 1024)}"`, 413, 'A conversation may have one megabyte.'],
  ])('%j is told what is wrong', async (body, status, message, headers) => {
    const { origin, server } = await start()
    expect(await refusal(origin, body, headers)).toEqual([status, message])
    expect(server.stats()).toMatchObject({ runs: 0, kept: 0 })
  })

  it('an id that the answer has not is told', async () => {
    const { origin } = await start()
    const body = { run: 'run-of-few', messages }
    await read(`${origin}/chat`, body)
    expect(await refusal(origin, body, { 'Last-Event-ID': '100000' })).toEqual([400, 'This answer has no event with that id.'])
  })
})

it('close() ends every answer, and holds no timer', async () => {
  const before = timers()
  const { allow, left, origin, server, model } = await start()
  allow(20)
  const reading = read(`${origin}/chat`, { run: 'closed-run', messages: question('Why?') })
  await until(() => left()).toBe(0)
  await read(`${origin}/chat`, { run: 'finished-run', messages: [] })
  await server.close()
  expect((await reading).error).toBeInstanceOf(SSEError)
  await model.close()
  await until(() => model.writing()).toBe(0)
  while (timers() > before) await nextTurn()
  expect(server.stats()).toMatchObject({ kept: 0, readers: 0 })
})
