// The drawer: a shift with its float, cash beside sales, a blind count, and opening it without a sale.
import { useLayoutEffect, useState } from 'preact/hooks'
import { type Act, useKeys } from '../keys'
import { parse, parseFromZero, withCurrency } from '../money/money'
import { Icon } from '../parts/icon'
import { Button, Choice, Done, Empty, Field, Form, Wrong } from '../parts/parts'
import { stamp } from '../time'
import { useTill } from '../till'
import { useWords } from '../words/words'
import { DrawerCount } from './drawer-count'
import { Ask, Facts } from './day-shown'
import { useSend } from './send'

export function DrawerScreen() {
  const words = useWords()
  const { view } = useTill()
  const [asking, setAsking] = useState(false)
  const [done, setDone] = useState<string | null>(null)
  const says = words.drawer
  const open: Act = { key: 'Ctrl O', label: says.noSale, run: () => setAsking(true) }
  useKeys([open])
  // A shift that begins or ends puts the next thing to type in another place.
  useLayoutEffect(() => {
    document.querySelector<HTMLElement>('.drawerscreen [data-field]')?.focus()
  }, [view.shift?.opened_at])
  return (
    <div class="drawerscreen">
      {view.shift ? <OpenShift done={setDone} /> : <NoShift done={setDone} />}
      {view.shift ? (
        <DrawerCount key={view.shift.opened_at} done={setDone} />
      ) : (
        <section class="panel" aria-label={says.count}>
          <Empty icon="lock" title={says.shiftFirst} hint={says.shiftFirstHint} />
        </section>
      )}
      <section class="panel" aria-label={says.move}>
        {view.shift ? (
          <MoveCash done={setDone} />
        ) : (
          <>
            <header>
              <h2>{says.noSale}</h2>
            </header>
            <p class="help aside">{says.noSaleHint}</p>
          </>
        )}
        <div class="foot">
          <Done text={done} />
          <Button act={open} icon="cash" look="wide" />
        </div>
      </section>
      {asking ? <OpenDialog close={() => setAsking(false)} done={setDone} /> : null}
    </div>
  )
}

interface Telling {
  done: (text: string | null) => void
}

function NoShift({ done }: Telling) {
  const words = useWords()
  const { view } = useTill()
  const { send, wrong, say, busy } = useSend('shift')
  const [typed, setTyped] = useState('')
  const says = words.drawer
  const read = parseFromZero(typed, view.shop)
  const begin = async (): Promise<void> => {
    if ('wrong' in read) return say(words.wrong[read.wrong])
    done(null)
    const float = { minor: read.minor, currency: view.shop.currency }
    await send({ do: 'drawer', wanted: { want: 'open_shift', float } })
  }
  const open: Act = {
    key: 'F9',
    label: says.open,
    run: () => void begin(),
    off: busy || typed.trim() === '' ? '' : undefined,
  }
  useKeys([open])
  return (
    <section class="panel" aria-label={says.shift}>
      <header>
        <h2>{says.none}</h2>
      </header>
      <Form label={says.shift} run={open.run}>
        <p class="help">{says.noneHint}</p>
        <Field
          id="float"
          label={`${says.float}, ${view.shop.currency}`}
          value={typed}
          numeric
          first
          onValue={(value) => (say(null), setTyped(value))}
        />
        <Wrong text={wrong} />
      </Form>
      <div class="foot">
        <Button act={open} look="go wide" />
      </div>
    </section>
  )
}

/** The open shift; what is expected is shown only once it was counted. */
function OpenShift({ done }: Telling) {
  const words = useWords()
  const { view } = useTill()
  const { send, wrong, busy } = useSend('shift')
  const says = words.drawer
  const { decimals, time_zone } = view.shop
  const count = view.shift?.count ?? null
  const close: Act = {
    key: count ? 'F9' : undefined,
    label: says.close,
    run: () => {
      void send({ do: 'drawer', wanted: { want: 'close_shift' } }).then((told) =>
        told ? done(says.closed) : undefined,
      )
    },
    off: count ? (busy ? '' : undefined) : says.closeFirst,
  }
  useKeys(count ? [close] : [])
  if (!view.shift) return null
  const rows: [string, string][] = [
    [says.openedBy, view.shift.opened_by],
    [says.openedAt, stamp(view.shift.opened_at, time_zone)],
    [says.counted, count ? withCurrency(count.counted, decimals) : ''],
    [says.expected, count ? withCurrency(count.expected, decimals) : ''],
  ]
  return (
    <section class="panel" aria-label={says.shift}>
      <header>
        <h2>{says.shift}</h2>
        <span class="st mute">{says.running}</span>
      </header>
      <div class="form">
        <Facts rows={rows} />
        <div role="status">
          {count ? <Difference minor={count.difference.minor} /> : <p class="help">{says.notCounted}</p>}
        </div>
        <Wrong text={wrong} />
      </div>
      <div class="foot">
        <Button act={close} look={count ? 'go wide' : 'wide'} icon="lock" />
      </div>
    </section>
  )
}

function Difference({ minor }: { minor: number }) {
  const words = useWords()
  const { view } = useTill()
  const says = words.drawer
  const amount = withCurrency({ minor: Math.abs(minor), currency: view.shop.currency }, view.shop.decimals)
  return (
    <p class={minor === 0 ? 'note plain' : 'note attn'}>
      <Icon name={minor === 0 ? 'checkc' : 'warn'} />
      <span>
        {says.difference}:{' '}
        <b>{minor === 0 ? says.right : minor < 0 ? says.missing(amount) : says.over(amount)}</b>
      </span>
    </p>
  )
}

function MoveCash({ done }: Telling) {
  const words = useWords()
  const { view } = useTill()
  const { send, wrong, say, busy } = useSend('move cash')
  const [way, setWay] = useState<'in' | 'out'>('in')
  const [typed, setTyped] = useState('')
  const [reason, setReason] = useState('')
  const says = words.drawer
  const read = parse(typed, view.shop)
  const record = async (): Promise<void> => {
    if ('wrong' in read) return say(words.wrong[read.wrong])
    if (reason.trim() === '') return say(says.reasonFirst)
    done(null)
    const amount = { minor: read.minor, currency: view.shop.currency }
    const told = await send({ do: 'drawer', wanted: { want: 'move_cash', way, amount, reason } })
    if (!told) return
    setTyped('')
    setReason('')
    done(says.recorded(says[way], withCurrency(amount, view.shop.decimals)))
  }
  const act: Act = {
    label: says.record,
    run: () => void record(),
    off: busy ? '' : typed.trim() === '' ? words.wrong.empty : undefined,
  }
  const ways = [
    ['in', says.in, says.inHint],
    ['out', says.out, says.outHint],
  ] as const
  const run = (): void => (act.off === undefined ? act.run() : undefined)
  return (
    <>
      <header>
        <h2>{says.move}</h2>
      </header>
      <Form label={says.move} run={run}>
        <Choice name="way" legend={says.move} said options={ways} chosen={way} choose={setWay} />
        <Field
          id="moved"
          label={`${says.amount}, ${view.shop.currency}`}
          value={typed}
          numeric
          onValue={(value) => (say(null), setTyped(value))}
        />
        <Field id="why" label={says.reason} value={reason} onValue={setReason} />
        <Wrong text={wrong} />
        <Button act={act} />
      </Form>
    </>
  )
}

function OpenDialog({ close, done }: Telling & { close: () => void }) {
  const words = useWords()
  const { send, wrong, say, busy } = useSend('open drawer')
  const [reason, setReason] = useState('')
  const says = words.drawer
  const open = async (): Promise<void> => {
    if (reason.trim() === '') return say(says.reasonFirst)
    done(null)
    if (await send({ do: 'drawer', wanted: { want: 'open', reason } })) {
      done(says.opened)
      close()
    }
  }
  const no: Act = { key: 'Esc', label: says.keepShut, run: close }
  const yes: Act = {
    key: 'Enter',
    also: ['F9'],
    label: says.noSale,
    run: () => void open(),
    off: busy ? '' : undefined,
  }
  return (
    <Ask title={says.noSaleTitle} hint={says.noSaleHint} no={no} yes={yes}>
      <Field
        id="open-reason"
        label={says.reason}
        value={reason}
        onValue={(value) => (say(null), setReason(value))}
      />
      <Wrong text={wrong} />
    </Ask>
  )
}
