import { describe, expect, it } from 'vitest'
import type { URLPattern } from 'eventwire/testing'
import { matchesURL, nameOfPattern } from '../../src/testing/url-pattern.js'

describe('matchesURL', () => {
  it.each<[pattern: URLPattern, url: string, matches: boolean]>([
    ['/events', '/events', true],
    ['/events', '/events?since=7#top', true],
    ['/events', 'https://api.test/events', true],
    ['/events', '/events/1', false],
    ['/events', '/other', false],
    ['events', '/events', true],
    ['/events?a=1', '/events?a=1', true],
    ['/events?a=1', '/events?a=2', false],
    ['https://api.test/events', 'https://api.test/events?x', true],
    ['https://api.test/events', 'https://www.test/events', false],
    ['https://api.test/events', '/events', false],
    [new URL('https://api.test/events'), 'https://api.test/events', true],
    ['/jobs/:id', '/jobs/7', true],
    ['/jobs/:id', '/jobs/7/log', false],
    ['/jobs/*', '/jobs/7/log', true],
    ['https://*.example.com/events', 'https://api.example.com/events', true],
    ['https://*.example.com/events', 'https://api.example.com:8443/events', false],
    ['https://*.example.com/events', 'https://example.org/events', false],
    ['https://*.example.com/events', '/events', false],
    ['https://*/events', 'https://api.example.com:8443/events', true],
    ['http://localhost:3000/events', 'http://localhost:3000/events', true],
    ['/events?since=*', '/events?since=7', true],
    ['/events?since=*', '/events?after=7', false],
    ['/a.b', '/aXb', false],
    [/since=7$/, '/events?since=7', true],
    [['/a', /b$/], '/b', true],
    [['/a', '/b'], '/c', false],
  ])('%s and %s: %s', (pattern, url, matches) => {
    expect(matchesURL(pattern, url)).toBe(matches)
  })
})

it('a pattern has a name that people read', () => {
  expect([undefined, '/a', /a$/, new URL('http://x/'), ['/a', /b/]].map(nameOfPattern)).toEqual([
    '',
    "'/a'",
    '/a$/',
    "'http://x/'",
    "['/a', /b/]",
  ])
})
