interface Frame {
  readonly name: string
  readonly at: string
}

/** Where React calls into components and effects: 19's name, 18's, and 18's for effects. */
const REACT = /\b(react_stack_bottom_frame|renderWithHooks\w*|commitHookEffectListMount)$/

/** Reads V8's stacks, and those of Firefox and Safari. */
function framesOf(stack: string): Frame[] {
  return stack.split('\n').flatMap((line) => {
    const v8 = /^\s*at (?:(?:async |new )?(.*?) \()?(.+?)\)?$/.exec(line)
    const other = v8 ? null : /^([^@]*)@(.+)$/.exec(line)
    const [, name = '', at = ''] = v8 ?? other ?? []
    return at ? [{ name, at: at.replace(/^(file:\/\/|https?:\/\/[^/]+)/, '').replace(/\?[^:]*/, '') }] : []
  })
}

/** Who made a place at a client, from the stack of that moment: a component, or else whoever subscribed. */
export function openerOf(stack: string): string {
  const frames = framesOf(stack)
  const bottom = frames.findIndex(({ name }) => REACT.test(name))
  const component = frames[bottom - 1]
  if (component && /^[A-Z]/.test(component.name)) return `<${component.name}> (${component.at})`
  const subscribe = frames.findIndex(({ name }) => /\bsubscribe$/.test(name))
  const subscriber = subscribe < 0 ? undefined : frames[subscribe + 1]
  if (!subscriber) return 'someone'
  return `${bottom > 0 ? 'an effect' : subscriber.name || 'code'} (${subscriber.at})`
}

/** The stack of now, deep enough to reach the component through its own hooks. */
export function stackOfNow(): string {
  // V8's only; what others have is deep enough.
  const engine = Error as { stackTraceLimit?: number }
  const before = engine.stackTraceLimit
  engine.stackTraceLimit = 50
  const { stack = '' } = new Error('who')
  if (before === undefined) delete engine.stackTraceLimit
  else engine.stackTraceLimit = before
  return stack
}
