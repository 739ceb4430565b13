// What is seen beside the sale, loaded after it: one file, because small ones travel heavier.
export { BrokenScreen } from './broken'
export { DayParts } from './day-parts'
export { FirstStart } from './first-start'
export { TerminalsScreen } from './terminals'
