import {readFile} from 'node:fs/promises'
import {expect} from 'vitest'

/** Waits until a process is gone, whether or not anybody has taken notice of its end: proc(5). */
export async function processGone(pid: number): Promise<void> {
  const stat = (): Promise<string> => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => 'gone) X')
  await expect.poll(async () => (await stat()).split(') ').at(-1)?.[0]).toMatch(/^[ZX]$/u)
}
