// A file of its own, made from what the screen has read, or by the till.
import type { PaperFile } from '../api/PaperFile'

export function save(name: string, type: string, text: string): void {
  keep(name, new Blob([text], { type }))
}

/** A file that the till made. */
export function saveFile(file: PaperFile): void {
  const bytes = Uint8Array.from(atob(file.bytes), (letter) => letter.charCodeAt(0))
  keep(file.name, new Blob([bytes], { type: file.media }))
}

function keep(name: string, blob: Blob): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}
