// What a person chose for this screen: language and look. Kept by the browser; nothing of the till's.
export type Look = 'system' | 'light' | 'dark'
type Name = 'lang' | 'look'

const listeners = new Set<() => void>()

function first(name: Name): string {
  if (name === 'look') return 'system'
  return typeof navigator !== 'undefined' && navigator.language.startsWith('sv') ? 'sv' : 'en'
}

/** An address may name a choice for one window, as pictures for the README do. */
export function chosen(name: Name): string {
  const asked = new URLSearchParams(location.search).get(name)
  try {
    return localStorage.getItem(`paydesk.${name}`) ?? asked ?? first(name)
  } catch {
    return asked ?? first(name)
  }
}

export function choose(name: Name, value: string): void {
  try {
    localStorage.setItem(`paydesk.${name}`, value)
  } catch {
    // Without a place to keep it the choice is not kept.
  }
  listeners.forEach((listener) => listener())
}

export function onChoice(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Puts the look and the language on the page itself. */
export function wear(): void {
  const look = chosen('look')
  if (look === 'light' || look === 'dark') document.documentElement.dataset.theme = look
  else delete document.documentElement.dataset.theme
  document.documentElement.lang = chosen('lang')
  if (navigator.platform.startsWith('Linux')) document.documentElement.dataset.system = 'linux'
}
