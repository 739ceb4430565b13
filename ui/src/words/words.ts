// Which language, and sentences for codes.
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { NoticeView } from '../api/NoticeView'
import type { Problem } from '../api/Problem'
import { en, type Words } from './en'
import { sv } from './sv'

export type { Words }
export const LANGUAGES: Record<string, Words> = { en, sv }

const Chosen = createContext<Words>(en)
export const WordsIn = Chosen.Provider
export const useWords = (): Words => useContext(Chosen)

export function reasonWords(words: Words, code: string): string {
  return words.reasons[code] ?? words.reasonOther(code)
}

export function problemWords(words: Words, problem: Problem): string {
  const about = words.whys[problem.code] ?? words.problems[problem.code]
  return about?.(problem.parameters) ?? words.problemOther(problem.code)
}

export function stepWords(words: Words, step: string, detail: string | null): string {
  const said = words.steps[step] ?? step.replaceAll('_', ' ')
  const more = detail ? words.found[detail] : undefined
  return more ? `${said}: ${more}` : said
}

export function noticeWords(words: Words, notice: NoticeView): string {
  return words.notices[notice.code]?.(notice.text) ?? notice.text
}
