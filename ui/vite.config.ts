// Two pages: the cashier's window and the customer's. Paths are relative, so that any address can serve them.
import { defineConfig } from 'vite'

export default defineConfig({
  base: './',
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
