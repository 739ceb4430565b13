// The way to the day. Its code is a file of its own that comes right after the counter's: selling does not
// wait for what managers need, and nobody waits for it later.
import { useEffect, useState } from 'preact/hooks'
import { Wrong } from '../parts/parts'
import { useWords } from '../words/words'
import type { DayParts, DayProps } from './day-parts'

let parts: typeof DayParts | null = null

async function bring(): Promise<void> {
  parts = (await import('./office')).DayParts
}

// Trouble on the way is told where the day is shown.
const coming = bring().catch(() => undefined)

export function DayScreen(props: DayProps) {
  const words = useWords()
  const [, again] = useState(0)
  const [wrong, setWrong] = useState<string | null>(null)
  useEffect(() => {
    if (parts) return
    void coming
      .then(() => (parts ? undefined : bring()))
      .then(() => again((n) => n + 1))
      .catch(() => setWrong(words.unreached))
  }, [])
  const Parts = parts
  return Parts ? <Parts {...props} /> : <Wrong text={wrong} />
}
