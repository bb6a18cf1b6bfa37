import {once} from 'node:events'
import {type FileHandle, open, readFile, readlink} from 'node:fs/promises'
import {expect, onTestFinished, test, vi} from 'vitest'
import {HostError} from '../../../src/errors/errors.js'
import {QemuCommandLine} from '../../../src/qemu/command/arguments.js'
import {countOomKills} from '../../../src/qemu/machine/oom-kills.js'
import {
  descriptors,
  inheritedArguments,
  type QemuProcess,
  setOf,
  spawnQemu,
} from '../../../src/qemu/machine/process.js'
import {openFiles} from '../../open-files.js'
import {processGone} from '../../process-gone.js'

/** A shell in QEMU's place; it is killed when the test is over. */
async function shell(script: string, inherited: readonly FileHandle[] = []): Promise<QemuProcess> {
  const spawned = await spawnQemu(['/bin/sh', '-c', script], inherited)
  onTestFinished(() => {
    spawned.kill()
    for (const connection of Object.values(spawned.connections)) {
      connection.destroy()
    }
  })
  return spawned
}

test('the process gets a socket to speak QMP over, both ways', async () => {
  const {
    connections: {qmp},
  } = await shell(`exec cat <&${descriptors.qmp} >&${descriptors.qmp}`)
  qmp.write('hello')
  const [chunk] = await once(qmp, 'data')
  expect(String(chunk)).toBe('hello')
})

test.each<[string, string, object]>([
  ['an exit code', 'exit 7', {code: 7, signal: null, stderr: ''}],
  ['a signal', 'kill -SEGV $$', {code: null, signal: 'SIGSEGV', stderr: ''}],
  ['what it said', 'echo "no such device" >&2; exit 1', {code: 1, signal: null, stderr: 'no such device\n'}],
  [
    'in pieces',
    "printf 'gr\\303' >&2; sleep 0.1; printf '\\266\\303' >&2; sleep 0.1; printf '\\237er' >&2",
    {code: 0, stderr: 'größer'},
  ],
])('how it ended is told: %s', async (_, script, expected) => {
  const {exited} = await shell(script)
  expect(await exited).toMatchObject(expected)
})

test('of much that it said only the end is kept', async () => {
  const {exited} = await shell('yes line | head -n 100000 >&2; echo "the reason" >&2; exit 1')
  const {stderr} = await exited
  expect(stderr).toHaveLength(4096)
  expect(stderr).toMatch(/line\nthe reason\n$/u)
})

test('what it started is killed with it', async () => {
  const {
    exited,
    kill,
    connections: {console},
  } = await shell(`sleep 1000 & echo $! >&${descriptors.console}; wait`)
  const [line] = await once(console, 'data')
  kill()
  await exited
  await processGone(Number(line))
})

test('what it leaves running when it ends is killed', async () => {
  const {
    exited,
    connections: {console},
  } = await shell(`sleep 1000 & echo $! >&${descriptors.console}; exit 7`)
  const [line] = await once(console, 'data')
  expect(await exited).toMatchObject({code: 7, signal: null})
  await processGone(Number(line))
})

test('it works where it can leave nothing', async () => {
  const {pid} = await shell('exec sleep 1000')
  expect(await readlink(`/proc/${pid}/cwd`)).toBe('/')
})

test('it inherits the files that it is given, in their order, and no others', async () => {
  const [one, other, third] = [await open('/etc/passwd'), await open('/etc/group'), await open('/etc/fstab')]
  onTestFinished(async () => {
    await Promise.all([one.close(), other.close(), third.close()])
  })
  const {pid} = await shell('exec sleep 1000', [one, other])
  expect(await readlink(`/proc/${pid}/fd/9`)).toBe('/etc/passwd')
  expect(await readlink(`/proc/${pid}/fd/10`)).toBe('/etc/group')
  expect(await openFiles(process.pid)).toContain('/etc/fstab')
  expect(await openFiles(pid)).not.toContain('/etc/fstab')
})

test('it leads a session of its own, which the terminal’s Ctrl-C does not reach', async () => {
  const {pid} = await shell('exec sleep 1000')
  // proc(5): the fields after the name in parentheses are the state, the parent, the process group and the session.
  const [, , processGroup, session] =
    (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? []
  expect([processGroup, session]).toEqual([String(pid), String(pid)])
})

test('it sees nothing of vmrun’s environment that it does not need', async () => {
  vi.stubEnv('RUNNER_TOKEN', 'secret')
  const {pid} = await shell('exec sleep 1000')
  expect(await readFile(`/proc/${pid}/environ`, 'utf8')).not.toContain('secret')
})

test.each(['/proc/nonexistent', '/etc/passwd', '/etc/passwd/qemu', '/etc'])(
  'what cannot be started is an error of the host: %s',
  async program => {
    const error = await spawnQemu([program]).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(HostError)
    expect(error).toMatchObject({message: expect.stringContaining(`cannot start ${program}: `)})
  },
)

test('each file that it inherits has a name, a set and a descriptor of its own', async () => {
  const file = await open('/dev/null')
  onTestFinished(() => file.close())
  const commandLine = new QemuCommandLine()
  const names = [file, file].map(one => commandLine.inherit(one))
  expect(names).toEqual(['/dev/fdset/1', '/dev/fdset/2'])
  expect(names.map(setOf)).toEqual([1, 2])
  expect(inheritedArguments(commandLine.inherited)).toEqual([
    '-add-fd',
    'fd=9,set=1',
    '-add-fd',
    'fd=10,set=2',
  ])
  expect(inheritedArguments([])).toEqual([])
})

test.runIf(process.platform === 'linux')('Linux counts what it kills for want of memory', async () => {
  const counted = await countOomKills()
  expect(await counted()).toMatchObject({count: expect.any(Number)})
})
