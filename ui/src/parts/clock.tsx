// The time of day. Its words are the system's, and making them ready takes as long as a third of the first
// screen: the clock shows once that is painted.
import { useEffect, useState } from 'preact/hooks'
import { clock } from '../time'
import { useNow } from '../till'

let shown = false
const waiting = new Set<() => void>()

/** The first screen has been painted. */
export function firstPainted(): void {
  shown = true
  waiting.forEach((tell) => tell())
}

export function Clock({ zone }: { zone: string }) {
  const now = useNow(10_000)
  const [may, setMay] = useState(shown)
  useEffect(() => {
    const tell = () => setMay(true)
    if (shown) tell()
    waiting.add(tell)
    return () => void waiting.delete(tell)
  }, [])
  return <time class="clock">{may ? clock(now, zone) : null}</time>
}
