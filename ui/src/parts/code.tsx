// A code that customers scan, and how long it is good.
import type { DrawnCode } from '../api/DrawnCode'
import { span } from '../time'
import { useNow } from '../till'
import { Icon } from './icon'

/** Light modules around it, without which no phone finds it. */
const MARGIN = 4

/** Dark on white in every look: phones read nothing else well. */
export function Code({ drawn, label }: { drawn: DrawnCode; label: string }) {
  // Whoever pays after its time gets it back at best: it is not there to be scanned.
  if (useLeft(drawn) === 0) return null
  const side = drawn.side + 2 * MARGIN
  return (
    <svg
      class="code"
      viewBox={`${-MARGIN} ${-MARGIN} ${side} ${side}`}
      role="img"
      aria-label={label}
      shape-rendering="crispEdges"
    >
      <path fill="#fff" d={`M${-MARGIN} ${-MARGIN}h${side}v${side}h-${side}z`} />
      <path fill="#151d18" d={drawn.path} />
    </svg>
  )
}

/** Milliseconds in which it can still be paid; nothing where nobody said how many. */
function useLeft({ until }: DrawnCode): number | null {
  const now = useNow(500, until !== null)
  return until === null ? null : Math.max(0, new Date(until).getTime() - now)
}

/** What is left of that time, as a bar and in words. */
export function Validity({ drawn, words }: { drawn: DrawnCode; words: [string, string] }) {
  const left = useLeft(drawn)
  if (left === null || drawn.until === null) return null
  const all = new Date(drawn.until).getTime() - new Date(drawn.from).getTime()
  return (
    <div class="ttl num">
      <div class="bar" role="presentation">
        <i style={{ width: `${Math.min(100, (100 * left) / Math.max(1, all))}%` }} />
      </div>
      <p>
        <Icon name="clock" /> {left > 0 ? `${words[0]} ${span(left)}` : words[1]}
      </p>
    </div>
  )
}
