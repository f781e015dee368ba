// Next.js calls this once, as the server starts; a signal reaches a server that stays, and no serverless function.
export async function register(): Promise<void> {
  if (process.env['NEXT_RUNTIME'] !== 'nodejs') return
  const { log } = await import('./log.ts')
  // Every client hears when to come back, and Next.js, which ends when its answers are over, can end.
  process.once('SIGTERM', () => log.end())
}
