// A picture by its name; the page holds all of them.
import type { PICTURES } from './pictures'

export type IconName = keyof typeof PICTURES

interface IconProps {
  name: IconName
  size?: 'l' | 'xl'
  turning?: boolean
}

export function Icon({ name, size, turning }: IconProps) {
  const look = ['i', size, turning ? 'turn' : undefined].filter(Boolean).join(' ')
  return (
    <svg class={look} aria-hidden="true">
      <use href={`#i-${name}`} />
    </svg>
  )
}
