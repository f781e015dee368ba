import { readdirSync, readFileSync } from 'node:fs'
import { createSSEServer } from 'eventwire/testing/node'
import { expect, it, onTestFinished } from 'vitest'
import { waitForJob } from '../../examples/recipes/without-react.js'

it('a loop without React waits for a job on a real server, and lets go of it', async () => {
  const server = await createSSEServer({ url: '/jobs' })
  onTestFinished(() => server.close())
  const id = waitForJob(server.url, AbortSignal.timeout(10_000))
  const connection = await server.connected()
  connection.send({ type: 'progress', data: { done: 40 } })
  connection.send({ type: 'finished', data: { id: 'a' } })
  expect(await id).toBe('a')
  await connection.closed
})

it('each recipe is in the list, and where it is called for: in the hover of a function', () => {
  const recipes = readdirSync('examples/recipes').filter((name) => /\.tsx?$/.test(name))
  const list = readFileSync('examples/README.md', 'utf8')
  const source = ['react', 'client', '.'].flatMap((folder) =>
    readdirSync(`src/${folder}`)
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => readFileSync(`src/${folder}/${name}`, 'utf8')),
  )
  expect(recipes.length).toBeGreaterThan(5)
  expect(recipes.filter((name) => !list.includes(`(recipes/${name})`))).toEqual([])
  expect(recipes.filter((name) => !source.some((text) => text.includes(` * @see examples/recipes/${name}: `)))).toEqual([])
})
