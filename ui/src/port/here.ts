// Which port this page has: the shell's when it runs in the window, the browser's otherwise. The shell's half
// is loaded only there.
import { browserPort } from './browser'
import type { Port } from './port'

export async function portHere(): Promise<Port> {
  if (!('__TAURI_INTERNALS__' in globalThis)) return browserPort
  return (await import('./tauri')).tauriPort
}
