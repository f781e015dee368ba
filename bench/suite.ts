import type { MeasureOptions, Row } from './measure.js'
import { measure } from './measure.js'

declare global {
  /** Where {@link run.ts} finds the suite once its bundle has been loaded, in Node and in a page. */
  var eventwireBench: ((options: MeasureOptions) => Row[]) | undefined
}

globalThis.eventwireBench = measure
