type Verify = () => Promise<void>

const unverified = new Set<Verify>()

/** Has `verify` called after the test, where the runner's `afterEach` is global. */
export function verifyAfterTest(verify: Verify): void {
  if (registered) unverified.add(verify)
}

async function verifyAll(): Promise<void> {
  const all = [...unverified]
  unverified.clear()
  const failures: unknown[] = []
  // One after the other: React's act can't overlap.
  for (const verify of all) await verify().catch((reason: unknown) => failures.push(reason))
  if (failures.length > 0) throw failures[0]
}

const registered = register()

function register(): boolean {
  const { afterEach } = globalThis as { afterEach?: (hook: Verify) => void }
  if (typeof afterEach !== 'function') return false
  try {
    afterEach(verifyAll)
    return true
  } catch {
    // Imported within a test, where runners take no hooks: that test verifies by itself.
    return false
  }
}
