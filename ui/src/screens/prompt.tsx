// A question of the terminal. It can only be answered: nothing closes it, nothing below it can be reached,
// and no answer has focus.
import { useState } from 'preact/hooks'
import type { Answer } from '../api/Answer'
import type { PaymentView } from '../api/PaymentView'
import type { PromptView } from '../api/PromptView'
import { type Act, useKeys } from '../keys'
import { withCurrency } from '../money/money'
import { Dialog } from '../parts/dialog'
import { Icon, type IconName } from '../parts/icon'
import { Field, Slip, Wrong } from '../parts/parts'
import { span } from '../time'
import { useNow, useTill } from '../till'
import { useWords } from '../words/words'
import { useSend } from './send'

interface Choice extends Act {
  look: 'yes' | 'no' | 'go' | ''
  icon?: IconName
}

export function PromptScreen({ payment }: { payment: PaymentView }) {
  const prompt = payment.prompt
  return prompt ? <Asked payment={payment} prompt={prompt} /> : null
}

function Asked({ payment, prompt }: { payment: PaymentView; prompt: PromptView }) {
  const words = useWords()
  const { view } = useTill()
  const [typed, setTyped] = useState('')
  const { send, wrong, say } = useSend(`answer:${prompt.id}`)
  const question = prompt.question
  const answer = async (given: Answer): Promise<void> => {
    await send({ do: 'answer', payment: payment.payment, prompt: prompt.id, answer: given })
  }
  const wanted = wantedOf(words, question)
  const write = (): void => {
    if (fits(question, typed)) void answer({ typed: asTyped(question, typed) })
    else say(words.ask.notFitting(wanted ?? ''))
  }
  const choices: Choice[] =
    question === 'signature' || question === 'confirm'
      ? [
          {
            key: 'N',
            label: question === 'signature' ? words.ask.noSignature : words.ask.no,
            run: () => void answer('no'),
            look: 'no',
            icon: 'crossc',
          },
          {
            key: 'Y',
            also: ['J'],
            label: question === 'signature' ? words.ask.yesSignature : words.ask.yes,
            run: () => void answer('yes'),
            look: 'yes',
            icon: 'checkc',
          },
        ]
      : question === 'any_key'
        ? [{ key: 'Enter', label: words.ask.done, run: () => void answer('yes'), look: 'go' }]
        : 'menu' in question
          ? question.menu.entries.map((entry, index) => ({
              key: index < 9 ? String(index + 1) : undefined,
              label: entry,
              run: () => void answer({ chosen: index + 1 }),
              look: '' as const,
            }))
          : [{ key: 'Enter', also: ['field Enter'], label: words.ask.enter, run: write, look: 'go' }]
  const terminal = view.terminals.find((one) => one.terminal === payment.terminal)
  const name = terminal?.name ?? payment.terminal
  const signature = question === 'signature'
  const title = signature ? words.ask.signature : prompt.text
  const menu = typeof question === 'object' && 'menu' in question
  return (
    <Dialog label={title} alert acts={choices} look={signature ? 'signature' : 'plainask'}>
      {signature ? (
        payment.slip ? (
          <Slip text={payment.slip} label={words.ask.slip} />
        ) : (
          <p class="tray noslip">{words.ask.noSlip}</p>
        )
      ) : null}
      <div class="ask">
        <p class="label">
          <Icon name="term" />
          {words.ask.asks(name)}
          {signature ? `: “${prompt.text}”` : ''}
        </p>
        <h1>{title}</h1>
        {signature && payment.slip_paper ? <SlipOnPaper payment={payment} /> : null}
        {signature ? <SignatureSteps payment={payment} /> : null}
        {wanted ? (
          <Field
            id="answer"
            label={wanted}
            value={typed}
            onValue={setTyped}
            numeric={!isText(question)}
          />
        ) : null}
        <Wrong text={wrong} />
        <Deadline until={prompt.until} />
        <div class={menu ? 'menu' : 'two'}>
          {choices.map((choice) => (
            <button
              key={choice.label}
              type="button"
              class={`btn ${menu ? 'big' : 'huge'} ${choice.look}`}
              onClick={choice.run}
            >
              <span class="st">
                {choice.icon ? <Icon name={choice.icon} size="l" /> : null}
                {choice.label}
              </span>
              {choice.key ? <kbd>{choice.key}</kbd> : null}
            </button>
          ))}
        </div>
        <p class="foot">
          <span>{words.ask.cannot}</span>
        </p>
      </div>
    </Dialog>
  )
}

/** Whether the slip is on paper, and printing it again before anybody answers. */
function SlipOnPaper({ payment }: { payment: PaymentView }) {
  const words = useWords()
  const { send, wrong, busy } = useSend('print')
  const where = payment.slip_paper ?? 'screen'
  const stuck = where === 'stuck'
  const again: Act = {
    key: 'P',
    label: words.paper.again,
    run: () => void send({ do: 'print', wanted: { want: 'again' } }),
    off: stuck && !busy ? undefined : '',
  }
  useKeys([again])
  return (
    <div class={stuck ? 'note attn slippaper' : 'note slippaper'} role="status">
      <Icon name="print" />
      <span>{wrong ?? words.paper.slip[where]}</span>
      {stuck ? (
        <button type="button" class="btn" onClick={again.run}>
          {again.label} <kbd>P</kbd>
        </button>
      ) : null}
    </div>
  )
}

function SignatureSteps({ payment }: { payment: PaymentView }) {
  const words = useWords()
  const { view } = useTill()
  const card = payment.instrument
  const screen = payment.slip_paper === 'screen'
  const shown = [card?.brand, card?.number].filter(Boolean).join(' ')
  return (
    <>
      <ol class="steps">
        <li>
          <Icon name="pen" />
          <span>
            <b>{screen ? words.ask.signSheet : words.ask.sign}</b>{' '}
            {payment.slip ? (screen ? words.ask.signSheetHint : words.ask.signHint) : ''}
          </span>
        </li>
        <li>
          <Icon name="card" />
          <span>
            {words.ask.compare} {shown}
          </span>
        </li>
        <li>
          <Icon name="hand" />
          <span>{words.ask.answer}</span>
        </li>
      </ol>
      <dl class="facts">
        <dt>{words.ask.amount}</dt>
        <dd class="money">{withCurrency(payment.requested, view.shop.decimals)}</dd>
        <dt>{words.ask.refuse}</dt>
        <dd>{words.ask.undone}</dd>
      </dl>
    </>
  )
}

function Deadline({ until }: { until: string | null }) {
  const words = useWords()
  const now = useNow(500, until !== null)
  const [whole] = useState(() => (until ? new Date(until).getTime() - Date.now() : 0))
  if (until === null) return <div class="deadline" />
  const left = new Date(until).getTime() - now
  const share = whole > 0 ? Math.max(0, Math.min(100, (left / whole) * 100)) : 0
  return (
    <div class="deadline">
      <div class="bar" role="presentation">
        <i style={{ width: `${share}%` }} />
      </div>
      <p>
        <span>{words.ask.within}</span> <b class="num">{span(left)}</b> <span>{words.ask.after}</span>
      </p>
    </div>
  )
}

type Question = PromptView['question']

function isText(question: Question): boolean {
  return typeof question === 'object' && 'text' in question
}

/** What is to be typed, as words; nothing where an answer is pressed. */
function wantedOf(words: ReturnType<typeof useWords>, question: Question): string | null {
  if (typeof question !== 'object') return null
  if ('digits' in question) return words.ask.digits(question.digits.min, question.digits.max)
  if ('text' in question) return words.ask.text(question.text.min, question.text.max)
  if ('decimal' in question) return words.ask.decimal(question.decimal.decimals)
  return null
}

/** Both decimal keys are taken; the till reads a point. */
function asTyped(question: Question, typed: string): string {
  return typeof question === 'object' && 'decimal' in question ? typed.replace(',', '.') : typed
}

/** A first look only, so that a slip of the finger costs no patience of the terminal; the till decides. */
function fits(question: Question, typed: string): boolean {
  if (typeof question !== 'object') return false
  const length = [...typed].length
  if ('digits' in question) {
    return /^\d*$/.test(typed) && length >= question.digits.min && length <= question.digits.max
  }
  if ('text' in question) return length >= question.text.min && length <= question.text.max
  if ('decimal' in question) return /^\d+([.,]\d*)?$/.test(typed)
  return false
}
