// A scanner types like a very fast hand and ends with Enter. What comes so fast is a scan, wherever focus is:
// what it left in a field is taken out again, and its Enter presses nothing.

import type { Scans } from './api/Scans'
import type { Watcher } from './port/port'

/** A scanner sends a key every few milliseconds, a fast hand one in fifty. */
const GAP_MS = 35
/** The shortest codes on goods have eight digits, a shop's own ones fewer. */
const SHORTEST = 4
/** Longer texts are no codes: a card network's code for customers holds up to 512 characters. */
export const LONGEST_CODE = 512

/** More keys than anybody presses at once are no presses: they are text. */
const MOST_KEYS = 40

/** Tells of what a scanner on a serial port reads from now on: what it read before is nobody's. */
export function newScans(scan: (code: string, command: string) => void, tooLong: () => void): Watcher<Scans> {
  let newest: number | null = null
  return {
    view: ({ recent }) => {
      const known = newest
      newest = recent.at(-1)?.number ?? 0
      if (known === null) return
      for (const { number, text, command, too_long } of recent) {
        if (number > known) too_long ? tooLong() : scan(text.trim(), command)
      }
    },
    line: ({ up }) => {
      // A till that was started again counts anew.
      if (!up) newest = null
    },
  }
}

export type Heard = 'begun' | 'goes on' | { code: string } | null

export class Burst {
  #text = ''
  #at = Number.NEGATIVE_INFINITY

  /** One key as the browser names it, and when it was pressed in milliseconds. */
  key(key: string, at: number): Heard {
    const fast = at - this.#at <= GAP_MS
    this.#at = at
    // Scanners hold it for capital letters.
    if (key === 'Shift') return null
    if (key === 'Enter') {
      const code = this.#text
      this.#text = ''
      return fast && code.length >= SHORTEST ? { code } : null
    }
    // No label begins with the key that says how many.
    if (key.length !== 1 || key === '*') {
      this.forget()
      return null
    }
    if (!fast) this.#text = ''
    this.#text = (this.#text + key).slice(0, LONGEST_CODE + 1)
    return this.#text.length === 1 ? 'begun' : 'goes on'
  }

  forget(): void {
    this.#text = ''
  }

  /** So many keys came so fast that no hand pressed them. */
  get isSure(): boolean {
    return this.#text.length > 5
  }
}

export interface ScanListener {
  /** The first key of what may become a scan, before it does anything. */
  begun(): void
  scan(code: string): void
  /** Text fields of this screen keep what is scanned into them. */
  leaves(field: HTMLElement): boolean
}

type TextField = HTMLInputElement | HTMLTextAreaElement

function textField(element: Element | null): TextField | null {
  return element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement ? element : null
}

/** Writes where the focus is. */
function insert(text: string): void {
  const field = textField(document.activeElement)
  if (!field) return
  const end = field.value.length
  field.setRangeText(text, field.selectionStart ?? end, field.selectionEnd ?? end, 'end')
  changed(field)
}

/** Tells a field's screen that its text is another one. */
function changed(field: TextField): void {
  field.dispatchEvent(new Event('input', { bubbles: true }))
}

/** Listens before everything else does; returns what ends it. A PIN is never listened to. What is surely no
 * hand's typing reaches no field before it is known what it is: it may be worth money, and a screen that
 * answered each of its keys would be late for the next. */
export function listenForScans(listener: ScanListener): () => void {
  const burst = new Burst()
  let field: TextField | null = null
  let before = ''
  let held = ''
  let replayed = false
  let shown: ReturnType<typeof setTimeout> | undefined
  /** What was held back was typed after all: key by key, as keys may do more than write. */
  const giveBack = (): void => {
    const rest = held
    forget()
    if (isSecret()) return
    if (rest.length > MOST_KEYS) return insert(rest)
    for (const key of rest) {
      const pressed = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })
      replayed = true
      const writes = (document.activeElement ?? document.body).dispatchEvent(pressed)
      replayed = false
      if (writes) insert(key)
    }
  }
  const forget = (): void => {
    held = ''
    clearTimeout(shown)
    document.documentElement.toggleAttribute('data-burst', false)
  }
  /** No field shows the little that it has of it. */
  const hide = (): void => {
    clearTimeout(shown)
    document.documentElement.toggleAttribute('data-burst', true)
    shown = setTimeout(giveBack, 4 * GAP_MS)
  }
  const stop = (event: KeyboardEvent): void => {
    event.preventDefault()
    event.stopImmediatePropagation()
  }
  const hear = (event: KeyboardEvent): void => {
    if (replayed) return
    const strange = event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.isComposing
    if (strange || isSecret()) {
      giveBack()
      return burst.forget()
    }
    const heard = burst.key(event.key, event.timeStamp)
    if (event.key === 'Shift') return
    if (heard === null || heard === 'begun') giveBack()
    if (heard === 'begun') {
      field = textField(document.activeElement)
      before = field?.value ?? ''
      listener.begun()
    }
    if (heard === null) return
    const at = textField(document.activeElement)
    if (at && listener.leaves(at)) return
    if (typeof heard === 'string') {
      if (!burst.isSure) return
      hide()
      if (held.length <= LONGEST_CODE) held += event.key
      return stop(event)
    }
    forget()
    stop(event)
    if (field?.isConnected) {
      field.value = before
      changed(field)
    }
    listener.scan(heard.code)
  }
  addEventListener('keydown', hear, { capture: true })
  return () => {
    forget()
    removeEventListener('keydown', hear, { capture: true })
  }
}

const isSecret = (): boolean => document.querySelector('[data-pin]') !== null
