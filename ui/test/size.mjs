// How heavy the built interface is, compressed as it travels, and that it has not grown unnoticed.
// Code is every script of both windows. Words are counted apart, language by language, because they are
// tables that a translator fills; styles are counted apart, too, and so are the pages with their pictures.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** The most that each part may weigh, in kB of 1000 bytes. Every kind of terminal has a form of its own, with
 * sentences for its fields and hints: words grow with the terminals, scripts do not. */
const MOST = { code: 60, styles: 12, pages: 6, english: 24, swedish: 26 }

const built = new URL('../dist', import.meta.url).pathname
const weights = { code: 0, styles: 0, pages: 0, english: 0, swedish: 0 }

function part(name) {
  if (name.endsWith('.css')) return 'styles'
  if (name.endsWith('.html')) return 'pages'
  if (!name.endsWith('.js')) return null
  if (name.includes('/words-en-')) return 'english'
  return name.includes('/sv-') ? 'swedish' : 'code'
}

for (const name of readdirSync(built, { recursive: true })) {
  const counts = part(name)
  if (counts) weights[counts] += gzipSync(readFileSync(join(built, name)), { level: 9 }).length / 1000
}
const rows = Object.entries(MOST).map(([name, most]) => {
  return { name, most, kB: Number(weights[name].toFixed(1)) }
})
if (process.argv.includes('--json')) {
  console.log(JSON.stringify(Object.fromEntries(rows.map(({ name, kB }) => [name, kB]))))
} else {
  for (const { name, most, kB } of rows) console.log(`${name.padEnd(8)} ${kB} kB of ${most} kB`)
}
// A part that weighs nothing is a build that was split otherwise than it is counted here.
const wrong = rows.filter(({ most, kB }) => kB > most || kB === 0)
for (const { name } of wrong) console.error(`the interface's ${name} is out of bounds`)
process.exitCode = wrong.length > 0 ? 1 : 0
