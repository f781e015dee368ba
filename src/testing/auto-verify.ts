type Verify = () => Promise<void>
type Hook = (hook: () => unknown) => void

/** What Vitest gives its hooks; Jest gives them nothing. */
interface TestContext {
  readonly task?: { readonly concurrent?: boolean | undefined }
}

interface Runner {
  readonly afterEach?: Hook
  readonly afterAll?: Hook
  readonly onTestFinished?: Hook
  readonly expect?: { getState?(): { readonly testPath?: string | undefined } }
}

const unverified = new Set<Verify>()

/** Has `verify` called after the test, where the runner's `afterEach` is global. */
export function verifyAfterTest(verify: Verify): void {
  if (!registered || unverified.has(verify)) return
  unverified.add(verify)
  // Without isolation the hooks are those of the file that imported the kit first: of later ones each test has its own.
  if (testFile() !== registered.file) runner().onTestFinished?.(() => verifyOne(verify))
}

async function verifyOne(verify: Verify): Promise<void> {
  if (unverified.delete(verify)) await verify()
}

async function verifyAll(): Promise<void> {
  const failures: unknown[] = []
  // One after the other: React's act can't overlap.
  for (const verify of [...unverified]) await verifyOne(verify).catch((reason: unknown) => failures.push(reason))
  if (failures.length > 0) throw failures[0]
}

/** Beside a test that runs concurrently others still use their mocks. */
async function afterOne(): Promise<void> {
  // No parameter: to Jest it would be `done`, to Vitest a list of fixtures. A seam: Vitest gives its context, Jest nothing.
  const { task } = (arguments[0] ?? {}) as TestContext
  if (!task?.concurrent) await verifyAll()
}

const registered = register()

function register(): { readonly file: string | undefined } | null {
  const { afterEach, afterAll } = runner()
  if (typeof afterEach !== 'function' || hasJestStarted()) return null
  try {
    afterEach(afterOne)
    afterAll?.(() => verifyAll())
    return { file: testFile() }
  } catch {
    // Imported within a test, where runners take no hooks: that test verifies by itself.
    return null
  }
}

// A seam: what runners make global.
function runner(): Runner {
  return globalThis as Runner
}

function testFile(): string | undefined {
  return runner().expect?.getState?.().testPath
}

/** Jest fails the test that asks for a hook, whether what it throws is caught or not. */
function hasJestStarted(): boolean {
  const symbol = Object.getOwnPropertySymbols(globalThis).find(({ description }) => description === 'JEST_STATE_SYMBOL')
  // A seam: its own state, as jest-circus 29 and 30 keep it.
  const state = symbol && (globalThis as { [key: symbol]: { readonly hasStarted?: boolean } | undefined })[symbol]
  return state?.hasStarted === true
}
