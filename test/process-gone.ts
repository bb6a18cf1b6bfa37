import {readFile} from 'node:fs/promises'
import {expect, vi} from 'vitest'

/** Waits until a process is gone, whether or not anybody has taken notice of its end: proc(5). */
export async function processGone(pid: number): Promise<void> {
  await vi.waitFor(async () => {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => 'gone) X')
    expect(['Z', 'X']).toContain(stat.split(') ').at(-1)?.[0])
  })
}
