// What screens know of the till: the port, the newest view, whether the line is up, and wishes on their way.
// A wish has one id from the first press on: pressing twice, or a resend, is the same wish. One that needs
// somebody's approval waits for it in place.
import { createContext, type ComponentChildren } from 'preact'
import { useContext, useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Accepted } from './api/Accepted'
import type { Command } from './api/Command'
import type { View } from './api/View'
import type { Approval } from './api/Approval'
import type { Role } from './api/Role'
import { commandId } from './port/ids'
import type { Line, Port, Told } from './port/port'

/** A command that waits for somebody who may approve it. */
export interface Asking {
  /** Whose approval counts. */
  roles: Role[]
  /** With it; what refuses the PIN is told, everything else ends the wait. */
  approve(approval: Approval): Promise<Told<Accepted>>
  /** Without it nothing is done. */
  leave(): void
}

export interface Till {
  port: Port
  view: View
  line: Line
  /** Sends a wish once; while it is on its way the same wish is not sent again. `id`: where others may send
   * the very same. */
  wish(name: string, command: Command, id?: string): Promise<Told<Accepted>>
  /** The wishes on their way. */
  waiting: ReadonlySet<string>
  /** What waits for an approval, the oldest first. */
  asking: Asking[]
}

const Current = createContext<Till | null>(null)

export function useTill(): Till {
  const till = useContext(Current)
  if (!till) throw new Error('a screen stands outside the till')
  return till
}

/** What is wrong with the PIN or with whose it is: there may be another try. */
const ABOUT_THE_PIN = ['pin_wrong', 'pin_wait', 'not_allowed']

function rolesOf(told: Told<Accepted>): Role[] | null {
  if (!('problem' in told) || told.problem.code !== 'approval_needed') return null
  return (told.problem.parameters.roles ?? 'manager').split(',') as Role[]
}

export function useWish(port: Port): Pick<Till, 'wish' | 'waiting' | 'asking'> {
  const running = useRef(new Map<string, Promise<Told<Accepted>>>())
  const [waiting, setWaiting] = useState<ReadonlySet<string>>(new Set())
  const [asking, setAsking] = useState<Asking[]>([])
  const wish = useMemo(() => {
    const approved = (command: Command, told: Told<Accepted>): Promise<Told<Accepted>> => {
      const roles = rolesOf(told)
      if (!roles) return Promise.resolve(told)
      return new Promise((done) => {
        const end = (last: Told<Accepted>): void => {
          setAsking((all) => all.filter((one) => one !== mine))
          done(last)
        }
        const mine: Asking = {
          roles,
          leave: () => end(told),
          approve: async (approval) => {
            const answer = await port.dispatch(commandId(), command, approval)
            const again = 'problem' in answer && ABOUT_THE_PIN.includes(answer.problem.code)
            if (!again) end(answer)
            return answer
          },
        }
        setAsking((all) => [...all, mine])
      })
    }
    return (name: string, command: Command, id?: string): Promise<Told<Accepted>> => {
      const before = running.current.get(name)
      if (before) return before
      const first = port.dispatch(id ?? commandId(), command)
      const told = first.then((answer) => approved(command, answer)).finally(() => {
        running.current.delete(name)
        setWaiting(new Set(running.current.keys()))
      })
      running.current.set(name, told)
      setWaiting(new Set(running.current.keys()))
      return told
    }
  }, [port])
  return { wish, waiting, asking }
}

export function TillHere(props: Omit<Till, 'wish' | 'waiting' | 'asking'> & { children: ComponentChildren }) {
  const wishes = useWish(props.port)
  const till = { port: props.port, view: props.view, line: props.line, ...wishes }
  return <Current.Provider value={till}>{props.children}</Current.Provider>
}

/** The newest of what a port pushes, and whether the line is up. */
export function useWatched<T>(
  watch: (watcher: { view(view: T): void; line(line: Line): void }) => () => void,
) {
  const [view, setView] = useState<T | null>(null)
  const [line, setLine] = useState<Line>({ up: true })
  useEffect(() => watch({ view: setView, line: setLine }), [watch])
  return { view, line }
}

/** The time now, told anew as often as asked while it is wanted. */
export function useNow(every: number, wanted = true): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (!wanted) return undefined
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), every)
    return () => clearInterval(timer)
  }, [every, wanted])
  return now
}
