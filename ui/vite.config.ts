// Two pages, the cashier's window and the customer's, of one script. Paths are relative, so that any
// address can serve them.
import { defineConfig, type Plugin } from 'vite'
import { pictures } from './src/parts/pictures.ts'

/** A chunk brings no styles that its page does not name already: fetching it is all that is left to do. */
const plainly: Plugin = {
  name: 'plainly',
  enforce: 'pre',
  load: {
    filter: { id: /vite\/preload-helper/ },
    handler: () => 'export const __vitePreload = (load) => load()',
  },
}

/** Pictures stand in the pages. */
const drawn: Plugin = {
  name: 'drawn',
  transformIndexHtml: (html) => html.replace('<div id="root">', () => `${pictures()}\n<div id="root">`),
}

export default defineConfig({
  base: './',
  plugins: [plainly, drawn],
  build: {
    target: 'es2022',
    modulePreload: false,
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: ['index.html', 'customer.html'],
      // Words apart from code: they are counted apart.
      output: { codeSplitting: { groups: [{ name: 'words-en', test: /src\/words\/en/ }] } },
    },
  },
  test: { include: ['test/unit/**/*.test.{ts,tsx}'] },
} as Parameters<typeof defineConfig>[0])
