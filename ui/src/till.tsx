// What screens know of the till: the port, the newest view, whether the line is up, and wishes on their way.
// A wish has one id from the first press on: pressing twice, or a resend, is the same wish.
import { createContext, type ComponentChildren } from 'preact'
import { useContext, useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Accepted } from './api/Accepted'
import type { Command } from './api/Command'
import type { View } from './api/View'
import { commandId } from './port/ids'
import type { Line, Port, Told } from './port/port'

export interface Till {
  port: Port
  view: View
  line: Line
  /** Sends a wish once; while it is on its way the same wish is not sent again. */
  wish(name: string, command: Command): Promise<Told<Accepted>>
  /** The wishes on their way. */
  waiting: ReadonlySet<string>
}

const Current = createContext<Till | null>(null)

export function useTill(): Till {
  const till = useContext(Current)
  if (!till) throw new Error('a screen stands outside the till')
  return till
}

export function useWish(port: Port): Pick<Till, 'wish' | 'waiting'> {
  const running = useRef(new Map<string, Promise<Told<Accepted>>>())
  const [waiting, setWaiting] = useState<ReadonlySet<string>>(new Set())
  const wish = useMemo(() => {
    return (name: string, command: Command): Promise<Told<Accepted>> => {
      const before = running.current.get(name)
      if (before) return before
      const told = port.dispatch(commandId(), command).finally(() => {
        running.current.delete(name)
        setWaiting(new Set(running.current.keys()))
      })
      running.current.set(name, told)
      setWaiting(new Set(running.current.keys()))
      return told
    }
  }, [port])
  return { wish, waiting }
}

export function TillHere(props: Omit<Till, 'wish' | 'waiting'> & { children: ComponentChildren }) {
  const { wish, waiting } = useWish(props.port)
  const till = { port: props.port, view: props.view, line: props.line, wish, waiting }
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
