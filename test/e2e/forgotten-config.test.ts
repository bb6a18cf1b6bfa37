import {open, readdir, readFile} from 'node:fs/promises'
import {expect, test} from 'vitest'
import {Host} from './host.js'

/** JavaScript has its characters in two bytes each; where there are those of UTF-8, it is in a buffer. */
const secret = 'Geheimnis-十二-7f3a9c'

/** Whether the memory that a process can write to holds these bytes. */
async function holds(pid: number, bytes: Buffer): Promise<boolean> {
  const maps = await readFile(`/proc/${pid}/maps`, 'utf8')
  const memory = await open(`/proc/${pid}/mem`)
  try {
    for (const [, ...places] of maps.matchAll(/^([0-9a-f]+)-([0-9a-f]+) rw/gmu)) {
      const [start = 0, end = 0] = places.map(place => Number.parseInt(place, 16))
      const content = Buffer.alloc(end - start)
      // What was mapped a moment ago may not be any more.
      await memory.read(content, 0, content.length, start).catch(() => undefined)
      if (content.includes(bytes)) {
        return true
      }
    }

    return false
  } finally {
    await memory.close()
  }
}

test('once the guest has ejected its config disk, vmrun has let go of what placeholders stood for', async () => {
  const host = await Host.with({
    name: 'vm-1',
    // Of its configuration the guest prints the first 32 KiB, and the last that it prints vmrun keeps.
    config: {action: '${{ file:action }}', filler: 'x'.repeat(40_000), token: '${{ file:secret }}'},
  })
  await host.write('secret', `${secret}\n`)
  await host.write('action', 'eject\n')
  // Node collects what nobody holds before it writes down what is held.
  host.environment['NODE_OPTIONS'] = '--heapsnapshot-signal=SIGUSR2'
  const run = host.start('run', 'vm-1', '--json')
  await run.printed(/"type":"config-disk-ejected"/u)
  expect(await holds(run.pid, Buffer.from(secret))).toBe(false)
  run.signal('SIGUSR2')
  const snapshot = async (): Promise<string> => {
    const name = (await readdir(host.directory)).find(one => one.endsWith('.heapsnapshot'))
    const text = name === undefined ? '' : await host.read(name)
    return text.endsWith('}') ? text : ''
  }
  await expect.poll(snapshot, {timeout: 300_000, interval: 500}).toContain('config-disk-ejected')
  // What stands in the instances file is known as long as there is somebody who has read it.
  const held = await snapshot()
  expect(held).toContain('file:secret')
  expect(held).not.toContain('Geheimnis')
  run.signal('SIGTERM')
  expect((await run.ended).exitCode).toBe(143)
})
