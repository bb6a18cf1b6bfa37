import {readdir, readlink, stat} from 'node:fs/promises'
import {expect, test} from 'vitest'
import {guestImage} from '../guest-image.js'
import {Host} from './host.js'
import {sameUser} from './wrappers.js'

/** In bytes, of the file that the guest makes. */
const size = 32 * 1024 * 1024

/** Makes a file system on the whole disk, which the guest needs no more, and the file in it. */
const fillFile = [
  'busybox mke2fs -F /dev/vda >/dev/null',
  'mount -t ext4 /dev/vda /mnt',
  'busybox dd if=/dev/urandom of=/mnt/file bs=1M count=32 conv=fsync',
].join(' && ')

/** A Linux guest that runs a shell script, and says `did` when it has. */
async function scripted(script: string): Promise<object> {
  return {
    name: 'vm-1',
    image: await guestImage('linux-x86_64'),
    'root-disk': '128M',
    config: {action: 'script', script: `${script} && echo did && busybox sleep 100000`},
  }
}

/** How many bytes on the host the files below the work directory take that QEMU has open and that have no name. */
async function bytesTaken(host: Host): Promise<number> {
  const [qemu] = await host.qemus()
  const directory = `/proc/${qemu}/fd`
  const sizes = await Promise.all(
    (await readdir(directory)).map(async name => {
      const link = `${directory}/${name}`
      const file = await readlink(link).catch(() => '')
      return file.startsWith(host.path('work')) ? (await stat(link)).blocks * 512 : 0
    }),
  )
  return Math.max(...sizes)
}

test.each([
  ['trims', `${fillFile} && busybox rm /mnt/file && busybox sync && busybox fstrim /mnt`],
  ['discards at once', `${fillFile} && umount /mnt && busybox blkdiscard /dev/vda`],
])('what the guest writes and %s is free again on the host', async (_, script) => {
  const host = await Host.with(await scripted(script))
  const run = host.start('run', 'vm-1', '--console', 'stdout')
  await run.printed(/^did/mu)
  expect(await bytesTaken(host)).toBeLessThan(size)
  run.signal('SIGTERM')
  expect((await run.ended).exitCode).toBe(143)
  await host.expectNothingLeft()
})

test('what it keeps takes space there, and a flush of the guest does not reach the disk of the host', async () => {
  const host = await Host.with(await scripted(`${fillFile} && busybox sync`))
  const calls = host.path('calls')
  await host.putBeforeQemu(
    `exec strace --follow-forks --trace=fsync,fdatasync,pwrite64,pwritev --output='${calls}' /usr/bin/qemu-system-x86_64 "$@"`,
  )
  const run = host.start('run', 'vm-1', '--console', 'stdout', ...sameUser)
  await run.printed(/^did/mu)
  expect(await bytesTaken(host)).toBeGreaterThan(size)
  run.signal('SIGTERM')
  expect((await run.ended).exitCode).toBe(143)
  const seen = await host.read('calls')
  expect(seen).toMatch(/pwrite/u)
  expect(seen).not.toMatch(/sync\(/u)
})
