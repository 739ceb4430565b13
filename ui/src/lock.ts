// The till locks itself when nobody touches it, unless a payment is running: that needs somebody at hand.
import { useEffect, useRef } from 'preact/hooks'

/** So long without a key, a press or a touch. */
export const IDLE_MS = 300_000
const LOOK_MS = 5_000
const TOUCHES = ['keydown', 'pointerdown', 'pointermove', 'wheel']

export function useIdle(wanted: boolean, idle: () => void): void {
  const since = useRef(0)
  const run = useRef(idle)
  run.current = idle
  useEffect(() => {
    if (!wanted) return undefined
    const touched = (): void => {
      since.current = Date.now()
    }
    touched()
    TOUCHES.forEach((name) => addEventListener(name, touched, { capture: true, passive: true }))
    const timer = setInterval(() => {
      if (Date.now() - since.current >= IDLE_MS) run.current()
    }, LOOK_MS)
    return () => {
      clearInterval(timer)
      TOUCHES.forEach((name) => removeEventListener(name, touched, { capture: true }))
    }
  }, [wanted])
}
