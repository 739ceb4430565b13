// Which language, and sentences for codes. A window loads the words of the language it shows; English is the
// type of all others and always there.
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { NoticeView } from '../api/NoticeView'
import type { Problem } from '../api/Problem'
import { en, type Words } from './en'

export type { Words }
export const LANGUAGES = [
  { lang: 'en', language: en.language },
  { lang: 'sv', language: 'Svenska' },
]

/** The words of a language; English where they cannot be had. */
export async function loadWords(lang: string): Promise<Words> {
  try {
    return lang === 'sv' ? (await import('./sv')).sv : en
  } catch {
    return en
  }
}

const Chosen = createContext<Words>(en)
export const WordsIn = Chosen.Provider
export const useWords = (): Words => useContext(Chosen)

export function reasonWords(words: Words, code: string): string {
  return words.reasons[code] ?? words.reasonOther(code)
}

export function problemWords(words: Words, problem: Problem): string {
  const { field, why } = problem.parameters
  const code = field === 'code' ? words.codes.refused[(why ?? '') as keyof Words['codes']['refused']] : null
  if (code) return code
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
