import type { MockConnection } from '../mock-interface.js'

const HEAD = ['#', 'request', 'state', 'Last-Event-ID', 'client']

/** Who is connected, as a table: the last so many connections, newest last. */
export function clientTable(connections: readonly MockConnection[], rows = 10): string {
  const from = Math.max(connections.length - rows, 0)
  const cells = connections.slice(from).map(({ request, state }, index) => [
    String(from + index + 1),
    `${request.method} ${request.url}`,
    state,
    request.lastEventId || '-',
    short(request.headers['user-agent'] ?? '-'),
  ])
  const widths = HEAD.map((name, column) => Math.max(name.length, ...cells.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()
  const open = connections.filter(({ state }) => state === 'open').length
  return [`${open} open, ${connections.length} in all`, line(HEAD), ...cells.map(line)].join('\n')
}

/** What people know a client by. Browsers name each other: who says most comes first. */
const KNOWN: readonly (readonly [name: string, version: RegExp])[] = [
  ['Edge', /Edg\/([\d.]+)/],
  ['Firefox', /Firefox\/([\d.]+)/],
  ['Chrome', /Chrome\/([\d.]+)/],
  ['Safari', /Version\/([\d.]+) .*Safari/],
  ['curl', /curl\/([\d.]+)/],
]

function short(agent: string): string {
  for (const [name, pattern] of KNOWN) {
    const [, version] = pattern.exec(agent) ?? []
    if (version) return `${name}/${version}`
  }
  return agent.slice(0, 40)
}
