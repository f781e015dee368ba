/** A notification bell: what came, what is unread and where the stream was survive a reload. */
import { defineSSE, json, useSSEReducer } from 'eventwire'

export interface Notice {
  readonly title: string
}
interface Bell {
  readonly unread: number
  readonly notices: readonly Notice[]
}

const EMPTY: Bell = { unread: 0, notices: [] }

export const notices = defineSSE({
  url: '/notices',
  events: { notice: json<Notice>(), read: json<null>() },
  // The cursor and the state in one record: neither is ever ahead of the other.
  persist: { key: 'bell', storage: localStorage },
})

export function Bell({ markRead }: { markRead: () => void }) {
  const { unread, notices: shown } = useSSEReducer(
    notices,
    (bell, event) =>
      event.type === 'notice'
        ? { unread: bell.unread + 1, notices: [event.data, ...bell.notices].slice(0, 20) }
        : // The server tells all tabs, this one too: what is read here is read everywhere.
          { ...bell, unread: 0 },
    EMPTY,
    { persistAs: 'bell' },
  )
  return (
    <details>
      <summary onClick={markRead}>{unread > 0 ? `${unread} new` : 'Nothing new'}</summary>
      <ul>
        {shown.map(({ title }, index) => (
          <li key={shown.length - index}>{title}</li>
        ))}
      </ul>
    </details>
  )
}
