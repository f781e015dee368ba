import type { ItemStorage, KeyValueStorage } from 'eventwire/core'

/** A web Storage of a test's own: what is in it survives the clients that use it, as over a reload. */
export function webStorage(): ItemStorage & { readonly records: Map<string, string> } {
  const records = new Map<string, string>()
  return {
    records,
    getItem: (key) => records.get(key) ?? null,
    setItem: (key, value) => void records.set(key, value),
    removeItem: (key) => void records.delete(key),
  }
}

/** React Native's AsyncStorage: the same, a task later. */
export function asyncStorage(): ItemStorage & { readonly records: Map<string, string> } {
  const { records, getItem, setItem, removeItem } = webStorage()
  const later = async <T>(answer: () => T): Promise<T> => {
    await new Promise((resolve) => setImmediate(resolve))
    return answer()
  }
  return {
    records,
    getItem: (key) => later(() => getItem(key)) as Promise<string | null>,
    setItem: (key, value) => later(() => setItem(key, value)),
    removeItem: (key) => later(() => removeItem(key)),
  }
}

/** idb-keyval's names: what is not there is `undefined`. */
export function keyValueStorage(): KeyValueStorage & { readonly records: Map<string, string> } {
  const { records, getItem, setItem, removeItem } = asyncStorage()
  return { records, get: async (key) => (await getItem(key)) ?? undefined, set: setItem, del: removeItem }
}
