// A screen whose code is in the file that comes right after the counter's: selling does not wait for what
// others need, and nobody waits for it later.
import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { useWords } from '../words/words'
import { Wrong } from './parts'

type Office = typeof import('../screens/office')

let office: Office | null = null

async function bring(): Promise<void> {
  office = await import('../screens/office')
}

let coming: Promise<void> | undefined

/** Fetches it, once. Trouble on the way is told where a screen is shown. */
export function ahead(): Promise<void> {
  return (coming ??= bring().catch(() => undefined))
}

/** The screen once it is here; a sentence where it cannot be had. */
export function later<P extends object>(pick: (office: Office) => ComponentType<P>): ComponentType<P> {
  return function Later(props: P) {
    const words = useWords()
    const [, again] = useState(0)
    const [wrong, setWrong] = useState<string | null>(null)
    useEffect(() => {
      if (office) return
      void ahead()
        .then(() => (office ? undefined : bring()))
        .then(() => again((n) => n + 1))
        .catch(() => setWrong(words.unreached))
    }, [])
    const Here = office && pick(office)
    return Here ? <Here {...props} /> : <Wrong text={wrong} />
  }
}
