/** Anything that has members, lists aside. */
export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * An object of options, instances included, or a module's namespace: no promise, Date, Map or whatever else has a name.
 *
 * @internal
 */
export function isRecord(value: unknown): value is object {
  return isObject(value) && /^\[object (Object|Module)\]$/.test(Object.prototype.toString.call(value)) && !('then' in value)
}
