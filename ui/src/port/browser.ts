// The till behind `paydeskctl serve`: commands by HTTP, views by WebSocket. A broken line is told at once,
// mended with growing pauses, and what was seen before is never passed off as current.
import type { Problem } from '../api/Problem'
import type { Port, Told, Watcher } from './port'

const PAUSES_MS = [250, 500, 1000, 2000, 4000]
/** Without a word for so long the line counts as lost; the till says something every four seconds. */
const SILENCE_MS = 12_000
/** A request is sent again after these pauses; the till knows it by its id. */
const RESEND_MS = [300, 1000, 2500]
/** A connection check waits for a terminal; everything else is answered at once. */
const ANSWER_MS = 480_000

const token = (): string => new URLSearchParams(location.search).get('token') ?? ''

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))

async function post<T>(path: string, body: unknown): Promise<Told<T>> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token()}` }
  const request = { method: 'POST', headers, body: JSON.stringify(body), cache: 'no-store' } as const
  for (let attempt = 0; ; attempt++) {
    try {
      const answer = await fetch(path, { ...request, signal: AbortSignal.timeout(ANSWER_MS) })
      if (answer.status === 200) return { ok: (await answer.json()) as T }
      if (answer.status === 422) return { problem: (await answer.json()) as Problem }
      if (answer.status < 500) return { unreached: true }
    } catch {
      // Whether it arrived is not known: the same id is sent again.
    }
    const wait = RESEND_MS[attempt]
    if (wait === undefined) return { unreached: true }
    await pause(wait)
  }
}

type Pushed<T> = { type: 'view'; view: T } | { type: 'beat' }

function watch<T>(path: string, watcher: Watcher<T>): () => void {
  let ended = false
  let failures = 0
  let lostSince: number | null = null
  let socket: WebSocket | undefined
  let silence: ReturnType<typeof setTimeout> | undefined
  let again: ReturnType<typeof setTimeout> | undefined

  const lost = (): void => {
    clearTimeout(silence)
    if (ended) return
    lostSince ??= Date.now()
    watcher.line({ up: false, since: lostSince })
    clearTimeout(again)
    again = setTimeout(open, PAUSES_MS[Math.min(failures++, PAUSES_MS.length - 1)])
  }
  const drop = (): void => {
    const old = socket
    socket = undefined
    old?.close()
    lost()
  }
  const heard = (): void => {
    clearTimeout(silence)
    silence = setTimeout(drop, SILENCE_MS)
  }
  const open = (): void => {
    const address = new URL(path, location.href)
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
    address.search = `?token=${encodeURIComponent(token())}`
    const mine = (socket = new WebSocket(address))
    heard()
    mine.onmessage = (event: MessageEvent<string>) => {
      if (mine !== socket) return
      heard()
      const pushed = JSON.parse(event.data) as Pushed<T>
      if (pushed.type === 'view') {
        // The view first: the line counts as up only when what is shown is current.
        watcher.view(pushed.view)
        failures = 0
        lostSince = null
        watcher.line({ up: true })
      }
      mine.send('')
    }
    mine.onclose = () => {
      if (mine === socket) {
        socket = undefined
        lost()
      }
    }
  }
  open()
  return () => {
    ended = true
    clearTimeout(silence)
    clearTimeout(again)
    socket?.close()
  }
}

export const browserPort: Port = {
  dispatch: (id, command, approval) => post('api/dispatch', { id, command, approval }),
  query: (query) => post('api/query', query),
  views: (watcher) => watch('api/views', watcher),
  customerViews: (watcher) => watch('api/customer', watcher),
  sight: (watcher) => watch('api/sight', watcher),
  scans: (watcher) => watch('api/scans', watcher),
  pairing: (watcher) => watch('api/pairing', watcher),
  customer: { page: () => `customer.html?token=${encodeURIComponent(token())}` },
}
