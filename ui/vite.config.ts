// Two pages: the cashier's window and the customer's. Paths are relative, so that any address can serve them.
import { defineConfig, type Plugin } from 'vite'

/** What the first screen needs beside its entry: named in the page, so that it is not found one by one. */
const FIRST = /^(sale|words-en|tauri)-.*\.js$/

const ahead: Plugin = {
  name: 'ahead',
  transformIndexHtml: {
    order: 'post',
    handler: (_page, { bundle, path }) =>
      Object.keys(path === '/index.html' ? (bundle ?? {}) : {})
        .map((file) => file.replace('assets/', ''))
        .filter((file) => FIRST.test(file))
        .map((file) => ({
          tag: 'link',
          attrs: { rel: 'modulepreload', href: `./assets/${file}` },
          injectTo: 'head',
        })),
  },
}

/** A chunk brings no styles that its page does not name already: fetching it is all that is left to do. */
const plainly: Plugin = {
  name: 'plainly',
  enforce: 'pre',
  load: {
    filter: { id: /vite\/preload-helper/ },
    handler: () => 'export const __vitePreload = (load) => load()',
  },
}

export default defineConfig({
  base: './',
  plugins: [ahead, plainly],
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
