// The customer's window: follows the counter, large and calm; knows nothing of the cashier's view.
import './styles/tokens.css'
import './styles/parts.css'
import './styles/stage.css'
import './styles/screens.css'
import './styles/here.css'
import { render } from 'preact'
import { useCallback } from 'preact/hooks'
import type { CustomerView } from './api/CustomerView'
import { chosen, wear } from './choices'
import { portHere } from './port/here'
import type { Port, Watcher } from './port/port'
import { CustomerScreen } from './screens/customer'
import { useWatched } from './till'
import { loadWords, type Words, WordsIn } from './words/words'

function Window({ port, words }: { port: Port; words: Words }) {
  const watch = useCallback((watcher: Watcher<CustomerView>) => port.customerViews(watcher), [port])
  const { view, line } = useWatched<CustomerView>(watch)
  return (
    <WordsIn value={words}>
      <CustomerScreen view={line.up ? view : null} />
    </WordsIn>
  )
}

wear()
document.body.classList.add('customer')
const root = document.getElementById('root')
if (root) {
  const ready = Promise.all([portHere(), loadWords(chosen('lang'))])
  void ready.then(([port, words]) => render(<Window port={port} words={words} />, root))
}
