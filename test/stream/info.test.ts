import { expect, it } from 'vitest'
import { withoutSecrets } from '../../src/stream/info.js'

it.each([
  ['https://user:secret@host:8443/a/b?token=secret#secret', 'https://host:8443/a/b'],
  ['/events?token=secret', '/events'],
  ['events?token=secret', 'events'],
  ['../events', 'events'],
  ['//user:secret@host/events', '/events'],
  ['http:user:secret@host/x', 'http://host/x'],
  ['//', ''],
])('%s is told as %s', (url, told) => {
  expect(withoutSecrets(url)).toBe(told)
})
