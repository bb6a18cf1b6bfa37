import {execFile} from 'node:child_process'
import {chmod, copyFile, mkdir, readdir, stat} from 'node:fs/promises'
import {promisify} from 'node:util'
import {expect, test} from 'vitest'
import {guestImage} from '../guest-image.js'
import {eventsOf, Host} from './host.js'
import {sameUser, scriptWithOwnMounts} from './wrappers.js'

const execute = promisify(execFile)

test.each<[string, readonly string[], readonly string[]]>([
  [
    'full',
    scriptWithOwnMounts('mount -t tmpfs -o size=2m none "$VMRUN_WORK_DIR" && "$@"'),
    ['no space is left for what the guest writes to its disk'],
  ],
  [
    'broken in another way',
    ['sh', '-c', 'ulimit -f 1000; exec "$@"', 'sh'],
    ["the guest's disk failed on a write: File too large", 'ulimit -f'],
  ],
])('a disk under the overlay that is %s ends the run at once, as infra-failed', async (_, wrapper, says) => {
  const host = await Host.with({name: 'vm-1', config: {action: 'fill-disk'}})
  const {exitCode, stdout, stderr} = await host.startUnder(wrapper, 'run', 'vm-1').ended
  for (const text of says) {
    expect(stderr).toContain(text)
  }

  expect(stdout.trimEnd()).toMatch(/infra-failed after [\d.]+m?s \(exit code 1\)$/u)
  expect(exitCode).toBe(1)
  await host.expectNothingLeft()
})

test.each([
  ['overlay itself', 'work', '8k', ['cannot write the overlay: ENOSPC: no space left on device']],
  [
    'run record',
    'state',
    '4k',
    [
      'cannot write the run record /',
      'No space is left: free some, or name another state directory with VMRUN_STATE_DIR.',
    ],
  ],
])('a disk with no space for the %s is told', async (_, name, size, says) => {
  const host = await Host.with({name: 'vm-1'})
  const directory = host.path(name)
  await mkdir(directory, {mode: 0o700, recursive: true})
  const fill = name === 'state' ? `head -c 4096 /dev/zero >'${directory}/full' &&` : ''
  const mount = `mount -t tmpfs -o size=${size},mode=700 none '${directory}' && ${fill} exec "$@"`
  const {exitCode, stderr} = await host.startUnder(scriptWithOwnMounts(mount), 'run', 'vm-1').ended
  for (const text of says) {
    expect(stderr).toContain(text)
  }

  expect(exitCode).toBe(1)
  await host.expectNothingLeft()
})

test('the default work directory is refused where it is in memory, and taken when it is named', async () => {
  const host = await Host.with({name: 'vm-1'})
  host.environment['VMRUN_WORK_DIR'] = undefined
  const mounted = scriptWithOwnMounts('mount -t tmpfs none /var/tmp && exec "$@"')
  const refused = await host.startUnder(mounted, 'run', 'vm-1').ended
  expect(refused.stderr).toContain('/var/tmp, the default work directory, is in memory on this host')
  expect(refused.exitCode).toBe(2)
  const taken = await host.startUnder(mounted, 'run', 'vm-1', '--work-dir', '/var/tmp').ended
  expect(taken.exitCode).toBe(0)
})

test('a work directory in which anybody may rename files is refused', async () => {
  const host = await Host.with({name: 'vm-1'})
  await chmod(host.path('work'), 0o777)
  const {exitCode, stderr} = await host.vmrun('run', 'vm-1')
  expect(stderr).toContain(`${host.path('work')} can be written to by other users`)
  expect(exitCode).toBe(2)
})

/** A host with an image, and another one that reads a further file. */
async function hostWithOtherImage(): Promise<Host> {
  const host = await Host.with({name: 'vm-1', image: 'image.qcow2'})
  await copyFile(await guestImage('nano'), host.path('image.qcow2'))
  const dataFile = `data_file=${host.path('secret.raw')}`
  await execute('qemu-img', ['create', '-q', '-f', 'qcow2', '-o', dataFile, host.path('other.qcow2'), '64M'])
  return host
}

test('an image that is exchanged after it was checked is not the one that QEMU reads', async () => {
  const host = await hostWithOtherImage()
  await host.putBeforeQemu(`mv '${host.path('other.qcow2')}' '${host.path('image.qcow2')}'`)
  const {exitCode, stdout} = await host.vmrun('run', 'vm-1', '--console', 'stdout')
  expect(stdout).toContain('nano: hello')
  expect(exitCode).toBe(0)
})

test('an image that is overwritten after it was checked cannot make QEMU read another file of the host', async () => {
  const host = await hostWithOtherImage()
  const [image, other] = [host.path('image.qcow2'), host.path('other.qcow2')]
  // Behind the back of whoever looks at the image's size and times, as vmrun does.
  await host.putBeforeQemu(`
    kill -STOP $PPID
    cp --preserve=timestamps '${image}' '${host.path('before')}'
    dd if='${other}' of='${image}' conv=notrunc status=none
    touch --reference='${host.path('before')}' '${image}'
    kill -CONT $PPID`)
  const {exitCode, stdout, stderr} = await host.vmrun('run', 'vm-1', '--console', 'stdout', ...sameUser)
  expect(stderr).toContain(`the image reads another file of the host: ${host.path('secret.raw')}`)
  expect(stdout).not.toContain('nano: hello')
  expect(exitCode).toBe(1)
  await host.expectNothingLeft()
})

test('an image that is written to after it was checked voids the run', async () => {
  const host = await Host.with({name: 'vm-1', image: 'image.qcow2'})
  const image = host.path('image.qcow2')
  await copyFile(await guestImage('nano'), image)
  // The same bytes, at another time.
  await host.putBeforeQemu(`cp '${image}' '${host.path('copy')}'; cat '${host.path('copy')}' > '${image}'`)
  const {exitCode, stderr} = await host.vmrun('run', 'vm-1', ...sameUser)
  expect(stderr).toContain(`the image ${image} was written to while the guest ran`)
  expect(exitCode).toBe(1)
  await host.expectNothingLeft()
})

test('a QEMU that is a script around QEMU is killed with all that it started', async () => {
  const host = await Host.with({name: 'vm-1', 'grace-seconds': 3600, config: {action: 'ignore'}})
  await host.putBeforeQemu('/usr/bin/qemu-system-x86_64 "$@"; exit')
  const run = host.start('run', 'vm-1', '--console', 'stdout')
  await run.printed(/nano: ignoring/u)
  run.signal('SIGINT')
  await run.printed(/pressing the guest's power button/u)
  run.signal('SIGINT')
  expect((await run.ended).exitCode).toBe(130)
  await host.expectNothingLeft()
})

test('auto measures the accelerator once, and says why when it falls back to TCG', async () => {
  const host = await Host.with({name: 'vm-1', accelerator: 'auto'})
  host.emptyCache()
  const first = eventsOf(await host.vmrun('run', 'vm-1', '--json'))
  expect(first.at(-1)).toMatchObject({verdict: 'completed'})
  const {accelerator} = first.find(({type}) => type === 'machine-running') ?? {}
  const notices = first.filter(({type}) => type === 'notice')
  expect(notices).toHaveLength(accelerator === 'tcg' ? 1 : 0)
  const measured = await modifiedTimes(host)
  const second = eventsOf(await host.vmrun('run', 'vm-1', '--json'))
  expect(second.at(-1)).toMatchObject({verdict: 'completed'})
  expect(second.filter(({type}) => type === 'notice').map(({text}) => text)).toEqual(
    notices.map(({text}) => text),
  )
  expect(await modifiedTimes(host)).toEqual(measured)
})

test('an accelerator that is asked for by name is used, or else refused, and never waited for', async () => {
  const host = await Host.with({name: 'asked', accelerator: 'kvm'}, {name: 'auto', accelerator: 'auto'})
  const auto = eventsOf(await host.vmrun('run', 'auto', '--json'))
  const works = auto.find(({type}) => type === 'machine-running')?.['accelerator'] === 'kvm'
  const {exitCode, stdout} = await host.vmrun('run', 'asked', '--json')
  expect(exitCode).toBe(works ? 0 : 1)
  expect(stdout).toContain(works ? '"verdict":"completed"' : 'kvm cannot be used for x86_64')
  await host.expectNothingLeft()
})

test('a guest of another architecture than the host’s is emulated, with a line that says why', async () => {
  const host = await Host.with({
    name: 'vm-1',
    arch: 'aarch64',
    image: await guestImage('linux-aarch64'),
    accelerator: 'auto',
  })
  const {stdout, exitCode} = await host.vmrun('run', 'vm-1')
  expect(stdout).toMatch(/The guest is emulated, which is slower: this host is \w+/u)
  expect(exitCode).toBe(0)
})

async function modifiedTimes(host: Host): Promise<readonly number[]> {
  const names = await readdir(host.path('cache')).catch(() => [])
  return await Promise.all(names.map(async name => (await stat(host.path('cache', name))).mtimeMs))
}
