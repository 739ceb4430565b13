// The till in the same program: the only file that speaks to the shell. Views come over a channel, the newest
// one at once; the line cannot break without the window.
import { Channel, invoke } from '@tauri-apps/api/core'
import type { Problem } from '../api/Problem'
import type { Port, Told, Watcher } from './port'

/** There is no view before a till runs; it may be set up meanwhile. */
const AGAIN_MS = 1000

async function call<T>(name: string, values: Record<string, unknown>): Promise<Told<T>> {
  try {
    return { ok: await invoke<T>(name, values) }
  } catch (refused) {
    const isProblem = typeof refused === 'object' && refused !== null && 'code' in refused
    return isProblem ? { problem: refused as Problem } : { unreached: true }
  }
}

/** The till hears that a picture was taken before it sends the next one, and that nobody looks any more. */
interface Says {
  took?: string
  ends?: string
}

const say = (name: string | undefined, values?: { number: number }): unknown =>
  name && invoke(name, values).catch(() => undefined)

/** Watches count upwards, also over a page that is loaded again: what ends one leaves later ones alone. */
let newest = 0
const next = (): number => (newest = Math.max(newest + 1, Date.now()))

function watch<T>(name: string, watcher: Watcher<T>, { took, ends }: Says = {}): () => void {
  let ended = false
  let again: ReturnType<typeof setTimeout> | undefined
  let number = 0
  const lost = (mine: number): void => {
    if (ended || mine !== number) return
    watcher.line({ up: false, since: Date.now() })
    again = setTimeout(open, AGAIN_MS)
  }
  const open = (): void => {
    const mine = (number = next())
    const channel = new Channel<T | null>()
    channel.onmessage = (view) => {
      if (ended || mine !== number) return
      // The till tells no more: the page slept too long, or the till was started again.
      if (view === null) return lost(mine)
      watcher.view(view)
      watcher.line({ up: true })
      say(took)
    }
    invoke(name, { channel, number: mine }).catch(() => lost(mine))
  }
  open()
  return () => {
    ended = true
    clearTimeout(again)
    say(ends, { number })
  }
}

export const tauriPort: Port = {
  dispatch: (id, command, approval) => call('dispatch', { dispatch: { id, command, approval } }),
  query: (query) => call('query', { query }),
  views: (watcher) => watch('watch_views', watcher),
  customerViews: (watcher) => watch('watch_customer', watcher),
  sight: (watcher) => watch('watch_sight', watcher, { took: 'took_sight', ends: 'unwatch_sight' }),
  scans: (watcher) => watch('watch_scans', watcher, { ends: 'unwatch_scans' }),
  pairing: (watcher) => watch('watch_pairing', watcher, { ends: 'unwatch_pairing' }),
  customer: { shown: (wanted) => invoke<boolean | null>('customer_window', { wanted }).catch(() => null) },
}
