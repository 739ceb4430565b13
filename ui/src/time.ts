// Moments as the shop's clock shows them.

const made = new Map<string, Intl.DateTimeFormat>()

function shown(
  at: string | number,
  zone: string,
  name: string,
  options: Intl.DateTimeFormatOptions,
): string {
  const key = `${zone} ${name}`
  const format = made.get(key) ?? new Intl.DateTimeFormat('sv-SE', { timeZone: zone, ...options })
  made.set(key, format)
  return format.format(new Date(at))
}

/** `14:02` */
export function clock(at: string | number, zone: string): string {
  return shown(at, zone, 'clock', { hour: '2-digit', minute: '2-digit' })
}

/** `14:02:25` */
export function seconds(at: string | number, zone: string): string {
  return shown(at, zone, 'seconds', { hour: '2-digit', minute: '2-digit', second: '2-digit' })
}

/** `14:02:25.48` */
export function fine(at: string, zone: string): string {
  const hundredths = Math.floor((new Date(at).getTime() % 1000) / 10)
  return `${seconds(at, zone)}.${String(hundredths).padStart(2, '0')}`
}

/** `2026-11-20 14:02` */
export function stamp(at: string | number, zone: string): string {
  const options = { dateStyle: 'short', timeStyle: 'short' } as const
  return shown(at, zone, 'stamp', options)
}

/** `0:43`, never below nothing. */
export function span(ms: number): string {
  const whole = Math.max(0, Math.ceil(ms / 1000))
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}

/** `Friday 20 November` of a date without a time; short `Fri 20 Nov`. */
export function dayName(day: string, lang: string, length: 'long' | 'short' = 'long'): string {
  const at = new Date(`${day}T12:00:00Z`)
  const options = { weekday: length, day: 'numeric', month: length, timeZone: 'UTC' } as const
  return new Intl.DateTimeFormat(lang === 'sv' ? 'sv-SE' : 'en-GB', options).format(at)
}
