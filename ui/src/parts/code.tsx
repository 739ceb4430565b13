// A code that customers scan, and how long it is good.
import type { DrawnCode } from '../api/DrawnCode'
import { span } from '../time'
import { useNow } from '../till'
import { Icon } from './icon'

/** Light modules around it, without which no phone finds it. */
const MARGIN = 4

/** Dark on white in every look: phones read nothing else well. */
export function Code({ drawn, label }: { drawn: DrawnCode; label: string }) {
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

/** What is left of the time in which it can be paid, as a bar and in words. */
export function Validity({ drawn, words }: { drawn: DrawnCode; words: [string, string] }) {
  const now = useNow(500, drawn.until !== null)
  if (drawn.until === null) return null
  const [from, until] = [drawn.from, drawn.until].map((at) => new Date(at).getTime()) as [number, number]
  const left = Math.max(0, until - now)
  return (
    <div class="ttl num">
      <div class="bar" role="presentation">
        <i style={{ width: `${Math.min(100, (100 * left) / Math.max(1, until - from))}%` }} />
      </div>
      <p>
        <Icon name="clock" /> {left > 0 ? `${words[0]} ${span(left)}` : words[1]}
      </p>
    </div>
  )
}
