// A PIN: dots for what is typed, and a pad. What is typed is nowhere else, and forgotten with every answer.
import { useLayoutEffect, useState } from 'preact/hooks'
import type { Problem } from '../api/Problem'
import { useKeys } from '../keys'
import { span } from '../time'
import { useNow } from '../till'
import { problemWords, useWords } from '../words/words'
import { Icon } from './icon'

const LONGEST = 12
const LEAST_SHOWN = 4

interface PinProps {
  name: string
  /** Nobody is chosen: the pad waits. */
  off?: boolean
  /** Sends it; what is wrong with it comes back. */
  send: (pin: string) => Promise<Problem | 'unreached' | null>
  enter: string
}

export function PinPad({ name, off, send, enter }: PinProps) {
  const words = useWords().signIn
  const [pin, setPin] = useState('')
  const [wrong, setWrong] = useState<Problem | 'unreached' | null>(null)
  const [busy, setBusy] = useState(false)
  const type = (next: string): void => {
    if (!off && !busy && next.length <= LONGEST) setPin(next)
  }
  const done = async (): Promise<void> => {
    if (pin === '' || busy || off) return
    setBusy(true)
    setPin('')
    setWrong(await send(pin))
    setBusy(false)
  }
  useKeys([{ key: 'Enter', also: ['F9'], label: enter, run: () => void done() }], {
    typed: (key) => {
      if (key === 'Backspace') type(pin.slice(0, -1))
      else if (/^\d$/.test(key)) type(pin + key)
      else return false
      return true
    },
  })
  useLayoutEffect(() => {
    setPin('')
    setWrong(null)
    document.querySelector<HTMLElement>('[data-pin]')?.focus()
  }, [name])
  const dots = Math.max(LEAST_SHOWN, pin.length)
  const press = (next: string) => ({
    type: 'button' as const,
    tabIndex: -1,
    onMouseDown: (event: MouseEvent) => event.preventDefault(),
    onClick: () => type(next),
  })
  return (
    <>
      <div class="dots" data-pin="" role="textbox" aria-label={words.typed(pin.length)} tabIndex={0}>
        {Array.from({ length: dots }, (_, at) => (
          <i key={at} class={at < pin.length ? 'on' : undefined} />
        ))}
      </div>
      <PinMessage name={name} off={off} wrong={pin === '' ? wrong : null} busy={busy} />
      <div class="keys pinpad">
        {['1', '2', '3', '4', '5', '6', '7', '8', '9'].map((digit) => (
          <button key={digit} class="keyb digit" {...press(pin + digit)}>
            {digit}
          </button>
        ))}
        <button class="keyb" aria-label={words.erase} {...press(pin.slice(0, -1))}>
          <Icon name="back" size="l" />
        </button>
        <button class="keyb digit" {...press(`${pin}0`)}>
          0
        </button>
        <button class="keyb ent" aria-label={enter} {...press(pin)} onClick={() => void done()}>
          <Icon name="enter" size="l" />
        </button>
      </div>
    </>
  )
}

interface MessageProps {
  name: string
  off?: boolean | undefined
  wrong: Problem | 'unreached' | null
  busy: boolean
}

function PinMessage({ name, off, wrong, busy }: MessageProps) {
  const words = useWords()
  const says = words.signIn
  const until = wrong !== 'unreached' && wrong?.code === 'pin_wait' ? wrong.parameters.until : undefined
  const now = useNow(500, until !== undefined)
  const left = until ? new Date(until).getTime() - now : 0
  if (busy || wrong === null || (until && left <= 0)) {
    return (
      <p class="msg" role="status">
        {busy ? says.checking : off ? '' : says.hint}
      </p>
    )
  }
  const [bold, rest] =
    wrong === 'unreached'
      ? ['', words.unreached]
      : until
        ? [says.wait, says.waitHint(span(left))]
        : wrong.code === 'pin_wrong'
          ? [says.wrong(name), says.wrongHint]
          : ['', problemWords(words, wrong)]
  return (
    <p class="msg bad" role="alert">
      <Icon name={until ? 'clock' : 'crossc'} />
      <span>
        <b>{bold}</b> {rest}
      </span>
    </p>
  )
}
