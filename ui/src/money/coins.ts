// The notes and coins in use, in minor units, the largest first. A currency without a table is counted as
// a sum.

const TABLES: Record<string, readonly number[]> = {
  SEK: [100000, 50000, 20000, 10000, 5000, 2000, 1000, 500, 200, 100],
  NOK: [100000, 50000, 20000, 10000, 5000, 2000, 1000, 500, 100],
  DKK: [100000, 50000, 20000, 10000, 5000, 2000, 1000, 500, 200, 100, 50],
  EUR: [50000, 20000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1],
  CHF: [100000, 20000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5],
  GBP: [5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1],
  USD: [10000, 5000, 2000, 1000, 500, 200, 100, 50, 25, 10, 5, 1],
  MYR: [10000, 5000, 2000, 1000, 500, 100, 50, 20, 10, 5],
  JPY: [10000, 5000, 2000, 1000, 500, 100, 50, 10, 5, 1],
}

export function coinsOf(currency: string): readonly number[] {
  return TABLES[currency] ?? []
}

/** Whole pieces, 0 to 9999; an empty field is none. */
export function pieces(typed: string): number | null {
  const tight = typed.trim()
  if (tight === '') return 0
  return /^\d{1,4}$/.test(tight) ? Number(tight) : null
}
