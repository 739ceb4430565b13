// One list of what can be done now: the buttons and the keyboard read the same acts, and F1 lists them. The
// newest layer is asked first, a part before the whole it stands in; a question hides everything below it. A
// layer stands from the moment its screen does, and not a frame longer: a fast hand presses the next key
// before the next picture.
import { useLayoutEffect, useRef } from 'preact/hooks'

export interface Act {
  /** As shown on the button: `F9`, `Ctrl 1`, `Esc`, `Y`. */
  key?: string | undefined
  /** More keys for the same, not shown. */
  also?: string[]
  label: string
  run: () => void
  /** Why it cannot be done now. */
  off?: string | undefined
}

interface Layer {
  /** When it was first drawn: what stands in another one is drawn after it. */
  order: number
  acts: Act[]
  modal: boolean
  /** Text that is typed while no field has focus. */
  typed: ((key: string) => boolean) | undefined
}

const layers: { current: Layer }[] = []
let drawn = 0

/** Keys of a screen, a stage or a question for as long as it stands. */
export function useKeys(
  acts: Act[],
  options: { modal?: boolean; typed?: (key: string) => boolean } = {},
): void {
  const layer = useRef<Layer>({ order: 0, acts, modal: false, typed: undefined })
  const order = layer.current.order || ++drawn
  layer.current = { order, acts, modal: options.modal ?? false, typed: options.typed }
  useLayoutEffect(() => {
    layers.push(layer)
    layers.sort((one, other) => one.current.order - other.current.order)
    return () => {
      layers.splice(layers.indexOf(layer), 1)
    }
  }, [])
}

/** The acts that keys reach now, the newest layer first. */
export function actsNow(): Act[] {
  const found: Act[] = []
  for (const layer of [...layers].reverse()) {
    found.push(...layer.current.acts)
    if (layer.current.modal) break
  }
  return found
}

export function keyName(event: KeyboardEvent): string {
  const base = event.key.length === 1 ? event.key.toUpperCase() : (NAMES[event.key] ?? event.key)
  const ctrl = event.ctrlKey || event.metaKey ? 'Ctrl ' : ''
  // Characters behind a third level come with Alt and Ctrl together; those are typed, not pressed.
  return `${ctrl}${event.altKey ? 'Alt ' : ''}${base}`
}

const NAMES: Record<string, string> = {
  Escape: 'Esc',
  Delete: 'Del',
  ArrowUp: '↑',
  ArrowDown: '↓',
}

/** So long a letter or digit that answers a question waits: a scanner's burst goes on, and is no answer. */
const ALONE_MS = 60
let alone: ReturnType<typeof setTimeout> | undefined

function whenAlone(run: () => void): void {
  alone = setTimeout(run, ALONE_MS)
}

function inField(event: KeyboardEvent): boolean {
  const at = event.target
  return (
    at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement || at instanceof HTMLSelectElement
  )
}

/** A plain key belongs to the field or the button that has focus. */
function belongsToFocus(event: KeyboardEvent, name: string): boolean {
  if (name === 'Enter') return event.target instanceof HTMLButtonElement
  return inField(event) && (name.length === 1 || name === 'Del' || name === 'Ctrl X' || name === 'Ctrl Z')
}

export function pressed(event: KeyboardEvent): void {
  clearTimeout(alone)
  if (event.defaultPrevented || event.isComposing) return
  const name = keyName(event)
  for (const { current: layer } of [...layers].reverse()) {
    const act = layer.acts.find((act) => act.key === name || act.also?.includes(name))
    if (act && !(belongsToFocus(event, name) && !act.also?.includes(`field ${name}`))) {
      event.preventDefault()
      if (event.repeat || act.off !== undefined) return
      if (layer.modal && /^[A-Z\d]$/.test(name)) whenAlone(act.run)
      else act.run()
      return
    }
    if (!inField(event) && !event.ctrlKey && !event.altKey && layer.typed?.(event.key)) {
      event.preventDefault()
      return
    }
    if (layer.modal) {
      // Function keys do not reach what lies below, nor the browser.
      if (/^(F\d+|Esc)$/.test(name)) event.preventDefault()
      return
    }
  }
}
