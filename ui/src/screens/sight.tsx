// What the till's camera sees, for as long as it is looked at, and what to do so that a code is read.
import { useCallback } from 'preact/hooks'
import type { SeenCode } from '../api/SeenCode'
import type { Sight } from '../api/Sight'
import { type Act, useKeys } from '../keys'
import { Icon } from '../parts/icon'
import { Button } from '../parts/parts'
import type { Watcher } from '../port/port'
import { useTill, useWatched } from '../till'
import { useWords, type Words } from '../words/words'

/** Nothing before the first picture, and while there is no line: what was seen then is old. */
export function useSight(): Sight | null {
  const { port } = useTill()
  const watch = useCallback((watcher: Watcher<Sight>) => port.sight(watcher), [port])
  const { view, line } = useWatched<Sight>(watch)
  return line.up ? view : null
}

/** What is wrong with what is in view, or how it is seen better; nothing where it is as it should be. */
export function sightSays(words: Words, sight: Sight): string | null {
  const says = words.codes
  const about: Record<string, string> = { ...says.hints, ...says.refused }
  if (sight.hint === 'two_codes') return says.hints.two_codes
  if (sight.refused) return about[sight.refused] ?? says.refused.unknown_text
  return sight.hint ? (about[sight.hint] ?? null) : null
}

/** The picture, or why there is none and what to do. */
export function Eye({ sight }: { sight: Sight | null }) {
  const words = useWords()
  const is = sight?.camera.is ?? 'starting'
  if (sight?.preview && is === 'looking') {
    return (
      <div class="eye">
        <img src={sight.preview} alt={words.codes.picture} />
      </div>
    )
  }
  const [title, hint] = words.codes.camera[is]
  return (
    <div class="eye" role="status">
      <div class="empty">
        <Icon name={is === 'starting' || is === 'looking' ? 'asking' : 'scan'} />
        <b>{title}</b>
        <p>{hint}</p>
      </div>
    </div>
  )
}

/** The way to the form of camera and hand scanner. */
export function SightWay({ change }: { change: () => void }) {
  const says = useWords().codes.setUp
  const edit: Act = { key: 'Alt K', label: says.change, run: change }
  useKeys([edit])
  return (
    <section class="printercheck" aria-label={says.title}>
      <h3 class="h">{says.title}</h3>
      <Button act={edit} icon="pen" />
    </section>
  )
}

/** What the camera sees while its form is open, so that it can be aimed. It is the one in use: another one is
 * seen once it is saved. */
export function SightPanel() {
  const words = useWords()
  const says = words.codes
  const sight = useSight()
  const what = sight?.code
    ? says.setUp.well(walletName(words, sight.code))
    : ((sight && sightSays(words, sight)) ?? says.hold)
  return (
    <section class="panel tcheck" aria-label={says.picture}>
      <header>
        <h2>{says.picture}</h2>
      </header>
      <div class="form">
        <Eye sight={sight} />
        <p class="note plain" role="status">
          <Icon name={sight?.code ? 'checkc' : 'qr'} />
          <span>{what}</span>
        </p>
        <p class="help">{says.setUp.hint}</p>
      </div>
    </section>
  )
}

/** Whose code it is. */
export function walletName(words: Words, { wallet }: SeenCode): string {
  return words.codes.wallets[wallet] ?? wallet
}
