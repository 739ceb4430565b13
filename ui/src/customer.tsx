// The customer's window: follows the counter, large and calm; knows nothing of the cashier's view.
import { useCallback } from 'preact/hooks'
import type { CustomerView } from './api/CustomerView'
import type { Port, Watcher } from './port/port'
import { CustomerScreen } from './screens/customer'
import { useWatched } from './till'
import { type Words, WordsIn } from './words/words'

export function CustomerWindow({ port, first }: { port: Port; first: Words }) {
  const watch = useCallback((watcher: Watcher<CustomerView>) => port.customerViews(watcher), [port])
  const { view, line } = useWatched<CustomerView>(watch)
  return (
    <WordsIn value={first}>
      <CustomerScreen view={line.up ? view : null} />
    </WordsIn>
  )
}
