// Terminals that ask to be paired, for as long as this is open. The one that is accepted fills in the form.
import { useCallback, useState } from 'preact/hooks'
import type { Pairing } from '../api/Pairing'
import type { PairingGuest } from '../api/PairingGuest'
import { Icon } from '../parts/icon'
import { Button, Wrong } from '../parts/parts'
import type { Watcher } from '../port/port'
import { useTill, useWatched } from '../till'
import { useWords } from '../words/words'
import { useSend } from './send'

interface PairingProps {
  take: (settings: PairingGuest['settings']) => void
}

export function PairingNote({ take }: PairingProps) {
  const says = useWords().forms.pairing
  const [open, setOpen] = useState(false)
  const [done, setDone] = useState('')
  const begin = { label: open ? says.end : says.begin, run: () => setOpen(!open) }
  const accepted = (guest: PairingGuest): void => {
    take(guest.settings)
    setDone(says.done(guest.name))
    setOpen(false)
  }
  return (
    <div class="note plain">
      <Icon name="asking" />
      <div>
        {open ? <Room accepted={accepted} /> : <p role="status">{done || says.hint}</p>}
        <div class="fixacts">
          <Button act={begin} />
        </div>
      </div>
    </div>
  )
}

function Room({ accepted }: { accepted: (guest: PairingGuest) => void }) {
  const says = useWords().forms.pairing
  const { port } = useTill()
  const watch = useCallback((watcher: Watcher<Pairing>) => port.pairing(watcher), [port])
  const { view } = useWatched<Pairing>(watch)
  const { send, wrong, busy } = useSend('answer pairing')
  const room = view?.room
  const answer = async (guest: PairingGuest, accepts: boolean): Promise<void> => {
    if ((await send({ do: 'answer_pairing', guest: guest.number, accepts })) && accepts) accepted(guest)
  }
  const state =
    room?.is === 'open'
      ? room.unseen
        ? says.unseen(room.port)
        : says.open(room.name, room.port)
      : room?.is === 'shut'
        ? says.shut(room.why)
        : says.opening
  return (
    <>
      <p role="status">{state}</p>
      {view?.guests.map((guest) => (
        <div key={guest.number} role="group" aria-label={guest.serial}>
          <p>
            <b>{guest.name}</b> {says.asks(guest.serial, guest.place)}{' '}
            {guest.has_namesake ? says.namesake : guest.known ? says.known(guest.known) : ''}
          </p>
          <div class="fixacts">
            <Button
              act={{ label: says.refuse, run: () => void answer(guest, false), off: busy ? '' : undefined }}
            />
            <Button
              act={{ label: says.accept, run: () => void answer(guest, true), off: busy ? '' : undefined }}
              look="go"
            />
          </div>
        </div>
      ))}
      <Wrong text={wrong || null} />
    </>
  )
}
