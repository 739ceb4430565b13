// What every interface needs of a till, whoever carries it: change, read, watch.
import type { Accepted } from '../api/Accepted'
import type { Approval } from '../api/Approval'
import type { Command } from '../api/Command'
import type { CustomerView } from '../api/CustomerView'
import type { Pairing } from '../api/Pairing'
import type { Problem } from '../api/Problem'
import type { Query } from '../api/Query'
import type { QueryReply } from '../api/QueryReply'
import type { Scans } from '../api/Scans'
import type { Sight } from '../api/Sight'
import type { View } from '../api/View'

/** Done, refused by the till with a problem, or not known because the till cannot be reached. */
export type Told<T> = { ok: T } | { problem: Problem } | { unreached: true }

/** The line to the till: up, or lost since a moment. What was seen before is old from then on. */
export type Line = { up: true } | { up: false; since: number }

export interface Watcher<T> {
  view(view: T): void
  line(line: Line): void
}

/** The customer's window: a page that a browser opens, or a window of the shell's, which tells whether it is
 * open after it was opened, closed, or only asked for. */
export type CustomerWindow =
  | { page: () => string }
  | { shown: (wanted: boolean | null) => Promise<boolean | null> }

export interface Port {
  /** The id belongs to the wish, not to the attempt: a resend carries the same one. With an approval somebody
   * else stands up for it in place. */
  dispatch(id: string, command: Command, approval?: Approval): Promise<Told<Accepted>>
  query(query: Query): Promise<Told<QueryReply>>
  /** Returns what ends the watch. */
  views(watcher: Watcher<View>): () => void
  customerViews(watcher: Watcher<CustomerView>): () => void
  /** What the camera sees; it looks only while this is watched. */
  sight(watcher: Watcher<Sight>): () => void
  /** What a hand scanner on a serial port reads. */
  scans(watcher: Watcher<Scans>): () => void
  /** Who asks to be paired; terminals can ask only while this is watched. */
  pairing(watcher: Watcher<Pairing>): () => void
  customer: CustomerWindow
}
