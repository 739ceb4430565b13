// A question over everything: keeps focus inside, hides the keys below, and answers only to its own.
import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { type Act, useKeys } from '../keys'

interface DialogProps {
  label: string
  look?: string
  /** An alert waits for an answer and cannot be closed. */
  alert?: boolean
  acts: Act[]
  typed?: (key: string) => boolean
  children: ComponentChildren
}

export function Dialog({ label, look = '', alert, acts, typed, children }: DialogProps) {
  const box = useRef<HTMLDivElement>(null)
  useKeys(acts, typed ? { modal: true, typed } : { modal: true })
  useLayoutEffect(() => {
    const before = document.activeElement
    const field = box.current?.querySelector<HTMLElement>('input:not([type=radio]), [data-pin]')
    ;(field ?? box.current)?.focus()
    return () => {
      // At the counter the next thing is scanned or typed, whatever was pressed to come here.
      const next = document.querySelector<HTMLElement>('[data-scan]') ?? before
      if (next instanceof HTMLElement && next.isConnected) next.focus()
    }
  }, [])
  const around = (event: KeyboardEvent): void => {
    if (event.key !== 'Tab' || !box.current) return
    const stops = [...box.current.querySelectorAll<HTMLElement>('button, input, [tabindex="0"]')]
    const [first, last] = [stops[0], stops[stops.length - 1]]
    const at = document.activeElement
    if (event.shiftKey && (at === first || at === box.current)) {
      event.preventDefault()
      last?.focus()
    } else if (!event.shiftKey && at === last) {
      event.preventDefault()
      first?.focus()
    }
  }
  return (
    <div class="scrim" onKeyDown={around}>
      <div
        ref={box}
        class={`dialog ${look}`.trim()}
        role={alert ? 'alertdialog' : 'dialog'}
        aria-modal="true"
        aria-label={label}
        tabIndex={-1}
      >
        {children}
      </div>
    </div>
  )
}
