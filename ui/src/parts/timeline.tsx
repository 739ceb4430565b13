// What happened, moment by moment; scrolls to the newest.
import { useEffect, useRef } from 'preact/hooks'
import type { Moment } from '../api/Moment'
import { fine } from '../time'
import { useTill } from '../till'
import { stepWords, useWords, type Words } from '../words/words'

function said(words: Words, moment: Moment): { from: 'till' | 'terminal'; text: string } {
  const what = moment.what
  switch (what.type) {
    case 'display':
      return { from: 'terminal', text: what.text.replaceAll('\n', ' ') }
    case 'code':
      return { from: 'terminal', text: words.steps.code ?? '' }
    case 'prompt':
      return { from: 'terminal', text: `${words.steps.asked ?? ''}: ${what.text}` }
    case 'print':
      return { from: 'terminal', text: words.steps.printed ?? '' }
    case 'step':
      return { from: 'till', text: stepWords(words, what.step, what.detail) }
  }
}

export function Timeline({ moments }: { moments: Moment[] }) {
  const words = useWords()
  const { view } = useTill()
  const list = useRef<HTMLOListElement>(null)
  useEffect(() => {
    if (list.current) list.current.scrollTop = list.current.scrollHeight
  }, [moments.length])
  return (
    <section class="log">
      <h2>{words.pay.timeline}</h2>
      <ol ref={list} tabIndex={0} aria-label={words.pay.timeline}>
        {moments.map((moment, index) => {
          const { from, text } = said(words, moment)
          return (
            <li key={moment.number} class={index === moments.length - 1 ? 'last' : undefined}>
              <time>{fine(moment.at, view.shop.time_zone)}</time>
              <span class="src">{from === 'till' ? words.pay.tillSource : words.pay.terminalSource}</span>
              <span>{text}</span>
            </li>
          )
        })}
      </ol>
    </section>
  )
}
