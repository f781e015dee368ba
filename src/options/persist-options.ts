/** A web `Storage`, or React Native's AsyncStorage. */
export interface ItemStorage {
  getItem(key: string): string | null | Promise<string | null>
  setItem(key: string, value: string): unknown
  removeItem(key: string): unknown
}

/** npm's idb-keyval, as a whole: `import * as storage from 'idb-keyval'`. */
export interface KeyValueStorage {
  get(key: string): unknown
  set(key: string, value: string): unknown
  del(key: string): unknown
}

/** What records are kept in; it may answer at once or later. */
export type PersistStorage = ItemStorage | KeyValueStorage

/** See `persist` of `StreamOptions`. */
export interface PersistOptions {
  /** Names the record. */
  readonly key: string
  /** Default: the page's `sessionStorage`, where there is one. */
  readonly storage?: PersistStorage | undefined
  /** A record of another version is as none. Default: none. */
  readonly version?: string | number | undefined
  /** How old a record may be, in ms. Default: any age. */
  readonly maxAgeMs?: number | undefined
  /** The largest record, in UTF-16 code units: the oldest history goes first. Default 1 MiB (1,048,576). */
  readonly maxBytes?: number | undefined
}
