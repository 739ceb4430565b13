// What is seen beside the sale, loaded when it is first needed: one file, because small ones travel heavier.
export { BrokenScreen } from './broken'
export { DayParts } from './day-parts'
export { FirstStart } from './first-start'
export { EditTerminal } from './terminal-edit'
