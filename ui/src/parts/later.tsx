// A screen whose code is a file of its own that comes after the counter's: selling does not wait for it.
import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { useWords } from '../words/words'
import { Wrong } from './parts'

/** The screen once it is here; a sentence where it cannot be had. */
export function later<P extends object>(bring: () => Promise<ComponentType<P>>): ComponentType<P> {
  let here: ComponentType<P> | null = null
  return function Later(props: P) {
    const words = useWords()
    const [, again] = useState(0)
    const [wrong, setWrong] = useState<string | null>(null)
    useEffect(() => {
      if (here) return
      bring()
        .then((found) => {
          here = found
          again((n) => n + 1)
        })
        .catch(() => setWrong(words.unreached))
    }, [])
    const Here = here
    return Here ? <Here {...props} /> : <Wrong text={wrong} />
  }
}
