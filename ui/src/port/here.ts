// Which port this page has: the shell's when it runs in the window, the browser's otherwise.
import { browserPort } from './browser'
import type { Port } from './port'
import { tauriPort } from './tauri'

export const portHere = (): Port => ('__TAURI_INTERNALS__' in globalThis ? tauriPort : browserPort)
