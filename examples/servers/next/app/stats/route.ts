import { stats } from '../../../stream.ts'
import { log } from '../../log.ts'

export const dynamic = 'force-dynamic'

export const GET = (): Response => Response.json(stats(log))
