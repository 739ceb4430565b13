// The day for who keeps the shop: its payments, the drawer, reports, people and products.
import { useLayoutEffect, useState } from 'preact/hooks'
import { type Act, useKeys } from '../keys'
import { useWords } from '../words/words'
import { DayPayments } from './day-payments'
import { DrawerScreen } from './drawer'
import { PeopleScreen } from './people'
import { ProductsScreen } from './products'
import { ReceiptsScreen } from './receipts'
import { ReportsScreen } from './reports'

const TABS = ['payments', 'drawer', 'reports', 'people', 'products', 'receipts'] as const
export type DayTab = (typeof TABS)[number]

export interface DayProps {
  show: (payment: string) => void
  /** Where to begin; the payments when nothing is said. */
  tab?: DayTab
}

export function DayParts({ show, tab: first = 'payments' }: DayProps) {
  const words = useWords()
  const [tab, setTab] = useState<DayTab>(first)
  const acts = TABS.map(
    (name, index): Act => ({
      key: `Alt ${index + 1}`,
      also: name === 'drawer' ? ['Ctrl B'] : name === 'reports' ? ['Ctrl X'] : [],
      label: words.dayTabs[name],
      run: () => setTab(name),
    }),
  )
  useKeys(acts)
  useLayoutEffect(() => {
    document.querySelector<HTMLElement>('.dayscreen [data-go], .dayscreen [data-field]')?.focus()
  }, [tab])
  const nav = (
    <nav class="daytabs" aria-label={words.dayTabs.label}>
      <kbd aria-hidden="true">Alt</kbd>
      {TABS.map((name, index) => (
        <button
          key={name}
          type="button"
          class="btn"
          aria-current={tab === name ? 'page' : undefined}
          onClick={() => setTab(name)}
        >
          {words.dayTabs[name]} <kbd aria-label={acts[index]?.key}>{index + 1}</kbd>
        </button>
      ))}
    </nav>
  )
  if (tab === 'payments') return <DayPayments nav={nav} show={show} toPeople={() => setTab('people')} />
  return (
    <main class="dayscreen">
      <div class="daybar">{nav}</div>
      <h1 class="vh">{words.dayTabs[tab]}</h1>
      {tab === 'drawer' ? <DrawerScreen /> : null}
      {tab === 'reports' ? <ReportsScreen toDrawer={() => setTab('drawer')} /> : null}
      {tab === 'people' ? <PeopleScreen /> : null}
      {tab === 'products' ? <ProductsScreen /> : null}
      {tab === 'receipts' ? <ReceiptsScreen /> : null}
    </main>
  )
}
