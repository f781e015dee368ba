import type { URLPattern } from './mock-interface.js'

/** Whether a URL is one of those that the pattern stands for. */
export function matchesURL(pattern: URLPattern, url: string): boolean {
  if (pattern instanceof RegExp) return pattern.test(url)
  if (typeof pattern !== 'string' && !(pattern instanceof URL)) return pattern.some((one) => matchesURL(one, url))
  const wanted = partsOf(String(pattern))
  const { origin, path, query } = partsOf(url)
  return (
    (wanted.origin === null || expressionOf(wanted.origin).test(origin ?? '')) &&
    (wanted.query === '' || expressionOf(wanted.query).test(query)) &&
    expressionOf(wanted.path).test(path)
  )
}

/** A pattern as people read it. */
export function nameOfPattern(pattern: URLPattern | undefined): string {
  if (pattern === undefined) return ''
  if (pattern instanceof RegExp) return String(pattern)
  if (typeof pattern === 'string' || pattern instanceof URL) return `'${String(pattern)}'`
  return `[${pattern.map(nameOfPattern).join(', ')}]`
}

function partsOf(url: string): { origin: string | null; path: string; query: string } {
  const relative = !/^([a-z][a-z\d+.-]*:|\/\/)/i.test(url)
  const { origin, pathname, search } = new URL(url, 'http://localhost')
  return { origin: relative ? null : origin, path: pathname, query: search }
}

function expressionOf(pattern: string): RegExp {
  const source = pattern.replace(/\/:\w+|[.*+?^${}()|[\]\\]/g, (special) =>
    special === '*' ? '.*' : special.startsWith('/:') ? '/[^/]+' : `\\${special}`,
  )
  return new RegExp(`^${source}$`)
}
