// The windows, the cashier's and the customer's: one port, one view, one set of words. They are one file,
// which travels lighter than what they share and each of them apart.
import './styles/tokens.css'
import './styles/parts.css'
import './styles/stage.css'
import './styles/screens.css'
import './styles/here.css'
import './styles/day.css'
import './styles/setup.css'
import { render } from 'preact'
import { useCallback, useEffect, useState } from 'preact/hooks'
import type { Standing } from './api/Standing'
import type { View } from './api/View'
import { chosen, onChoice, wear } from './choices'
import { CustomerWindow } from './customer'
import { pressed } from './keys'
import { firstPainted } from './parts/clock'
import { Empty } from './parts/parts'
import { portHere } from './port/here'
import type { Port, Watcher } from './port/port'
import { App } from './screens/app'
import { BrokenScreen } from './screens/broken'
import { FirstStart } from './screens/first-start'
import { TillHere, useWatched } from './till'
import { loadWords, type Words, WordsIn } from './words/words'

/** A usual start is over before its words could be read: they are only painted where it takes longer. */
const START_MS = 200

function CashierWindow({ port, first }: { port: Port; first: Words }) {
  const [words, setWords] = useState(first)
  useEffect(() => {
    return onChoice(() => {
      wear()
      // A copy: the look may have changed alone, and shows which one is chosen.
      void loadWords(chosen('lang')).then((next) => setWords({ ...next }))
    })
  }, [])
  // Nothing while a till runs: its answer comes right after the first view and changes nothing of it.
  const [stands, setStands] = useState<Standing | null>(null)
  const down = stands !== null
  const watch = useCallback(
    (watcher: Watcher<View>) => (down ? () => undefined : port.views(watcher)),
    [port, down],
  )
  const { view, line } = useWatched<View>(watch)
  useTitle(view?.shop.name)
  const [takesLong, setTakesLong] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setTakesLong(true), START_MS)
    return () => clearTimeout(timer)
  }, [])
  const ask = useCallback(async (): Promise<void> => {
    const told = await port.query({ read: 'standing' })
    if (!('ok' in told && told.ok.type === 'standing')) return
    const { standing } = told.ok
    setStands(standing.is === 'running' ? null : standing)
  }, [port])
  // Beside the first view; and when the line breaks, because a till that comes back may not start.
  useEffect(() => void ask(), [ask, line.up])
  if (down) {
    return (
      <WordsIn value={words}>
        <Down port={port} stands={stands} ready={() => void ask()} />
      </WordsIn>
    )
  }
  if (!view) {
    const lost = !line.up
    if (!lost && !takesLong) return null
    return (
      <main class="screen">
        <Empty
          icon={lost ? 'unlink' : 'asking'}
          title={lost ? words.line.lost : words.line.starting}
          hint={words.line.startingHint}
        />
      </main>
    )
  }
  return (
    <WordsIn value={words}>
      <TillHere port={port} view={view} line={line}>
        <App />
      </TillHere>
    </WordsIn>
  )
}

/** No till runs behind this window. */
function Down({ port, stands, ready }: { port: Port; stands: Standing; ready: () => void }) {
  if (stands.is === 'empty') return <FirstStart port={port} empty={stands} ready={ready} />
  if (stands.is === 'broken') {
    return <BrokenScreen key={stands.problem.code} port={port} broken={stands} ready={ready} />
  }
  return null
}

/** Names the shop in the title once its screen has been painted: the frame after the first one. */
function useTitle(shop: string | undefined): void {
  useEffect(() => {
    if (shop === undefined) return
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        document.title = `Paydesk: ${shop}`
        firstPainted()
      }),
    )
  }, [shop])
}

wear()
const Page = document.body.classList.contains('customer') ? CustomerWindow : CashierWindow
if (Page === CashierWindow) addEventListener('keydown', pressed)
const root = document.getElementById('root')
if (root) {
  const port = portHere()
  void loadWords(chosen('lang')).then((first) => render(<Page port={port} first={first} />, root))
}
