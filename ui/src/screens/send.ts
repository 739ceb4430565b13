// What the manager's screens share: a wish with the sentence of its refusal, reading that follows the till.
import { useEffect, useState } from 'preact/hooks'
import type { Accepted } from '../api/Accepted'
import type { Command } from '../api/Command'
import type { Problem } from '../api/Problem'
import type { Query } from '../api/Query'
import type { QueryReply } from '../api/QueryReply'
import type { View } from '../api/View'
import { useTill } from '../till'
import { problemWords, useWords } from '../words/words'

export interface Sending {
  /** Nothing where it was refused or is not known: `wrong` says why. */
  send(command: Command): Promise<Accepted | null>
  wrong: string | null
  say(wrong: string | null): void
  busy: boolean
}

/** Sends wishes of one name; `own` has a better sentence for a problem here. */
export function useSend(name: string, own?: (problem: Problem) => string | undefined): Sending {
  const words = useWords()
  const { wish, waiting } = useTill()
  const [wrong, say] = useState<string | null>(null)
  const send = async (command: Command): Promise<Accepted | null> => {
    say(null)
    const told = await wish(name, command)
    if ('ok' in told) return told.ok
    say('problem' in told ? (own?.(told.problem) ?? problemWords(words, told.problem)) : words.unreached)
    return null
  }
  return { send, wrong, say, busy: waiting.has(name) }
}

export interface Reading<T> {
  read: T | null
  problem: Problem | null
  wrong: string | null
}

/** The newest answer to a query, read anew when it or one of `again` changes; the old stands meanwhile. */
export function useRead<T>(
  query: Query,
  pick: (reply: QueryReply) => T | null,
  again: readonly (string | number)[],
): Reading<T> {
  const words = useWords()
  const { port } = useTill()
  const [reading, setReading] = useState<Reading<T>>({ read: null, problem: null, wrong: null })
  useEffect(() => {
    let stale = false
    void port.query(query).then((told) => {
      if (stale) return
      const read = 'ok' in told ? pick(told.ok) : null
      if (read !== null) return setReading({ read, problem: null, wrong: null })
      const problem = 'problem' in told ? told.problem : null
      const wrong = problem ? problemWords(words, problem) : words.unreached
      setReading((before) => ({ read: problem ? null : before.read, problem, wrong }))
    })
    return () => {
      stale = true
    }
  }, [port, JSON.stringify(query), ...again])
  return reading
}

/** Whether who is at the till may do what is a manager's; everybody may where nobody is enrolled. */
export function isManager(view: View): boolean {
  const { people, signed_in } = view.people
  return people.length === 0 || people.some((one) => one.person === signed_in && one.role === 'manager')
}

/** A person's name; empty for nobody. */
export function nameOf(view: View, person: string): string {
  return view.people.people.find((one) => one.person === person)?.name ?? ''
}

export function terminalOf(view: View, terminal: string): string {
  return view.terminals.find((one) => one.terminal === terminal)?.name ?? terminal
}
