import {execFileSync} from 'node:child_process'
import {existsSync} from 'node:fs'
import {chmod, mkdir, symlink} from 'node:fs/promises'
import {describe, expect, test} from 'vitest'
import {found, lineOf, reportOf} from './doctor-report.js'
import {Host} from './host.js'
import {scriptWithOwnMounts} from './wrappers.js'

/** A shell command that puts a file system in memory on a directory and then runs its arguments. */
function mountedOn(directory: string, size: string): string {
  return `mount -t tmpfs -o size=${size} none '${directory}' && exec "$@"`
}

test('a QEMU that is missing harms only the instances that need it', async () => {
  const host = await Host.with({name: 'vm-1', arch: 'x86_64'})
  await mkdir(host.path('bin'))
  for (const name of ['qemu-system-x86_64', 'setpriv', 'prlimit']) {
    await symlink(
      execFileSync('sh', ['-c', `command -v ${name}`], {encoding: 'utf8'}).trim(),
      host.path('bin', name),
    )
  }

  host.environment['PATH'] = host.path('bin')
  const ending = await host.vmrun('doctor')
  expect(lineOf(ending, 'qemu aarch64')).toEqual(['missing', 'qemu-system-aarch64 is not installed'])
  expect(ending.stdout).toContain('apt-get install qemu-system-arm')
  expect(lineOf(ending, 'vm-1')[0]).toBe('good')
  expect(ending.exitCode).toBe(0)
})

describe.runIf(existsSync('/dev/kvm'))('where there is KVM', () => {
  /** Puts a file of its own, which is everybody's, in the place of /dev/kvm, and a QEMU that takes it for the device. */
  async function withKvm(host: Host): Promise<readonly string[]> {
    await host.write('kvm', '')
    await chmod(host.path('kvm'), 0o666)
    await host.putBeforeQemu(
      `case "$*" in *-accel\\ kvm*) echo measured >>'${host.path('measured')}'; exit 33;; esac`,
    )
    await host.write('measured', '')
    await chmod(host.path('measured'), 0o666)
    return scriptWithOwnMounts(`mount --bind '${host.path('kvm')}' /dev/kvm && exec "$@"`)
  }

  test('what was measured is told with the time that it took, and remembered', async () => {
    const host = await Host.with({name: 'vm-1', accelerator: 'kvm'})
    const wrapper = await withKvm(host)
    const first = await host.startUnder(wrapper, 'doctor', '--json').ended
    const [finding] = found(first, 'accelerator')
    expect(finding).toMatchObject({state: 'good', accelerator: 'kvm', milliseconds: expect.any(Number)})
    expect(finding?.['message']).toBe(`KVM works, measured in ${finding?.['milliseconds']} ms`)
    expect(reportOf(first).instances).toMatchObject([{state: 'good', accelerator: 'kvm'}])
    const again = await host.startUnder(wrapper, 'doctor', '--json').ended
    expect(found(again, 'accelerator')[0]).toEqual(finding)
    expect(await host.read('measured')).toBe('measured\n')
  })

  test('a disk with too little space to measure is a finding', async () => {
    const host = await Host.with({name: 'vm-1'}, {name: 'vm-2', accelerator: 'auto'})
    const wrapper = [...(await withKvm(host)), ...scriptWithOwnMounts(mountedOn(host.path('work'), '8k'))]
    const ending = await host.startUnder(wrapper, 'doctor').ended
    expect(lineOf(ending, 'accelerator x86_64')).toEqual(['missing', expect.stringContaining('ENOSPC')])
    expect(lineOf(ending, 'vm-1')[0]).toBe('good')
    expect(lineOf(ending, 'vm-2')[0]).toBe('missing')
    expect(ending.stdout).toContain('see above: accelerator x86_64')
    expect(ending.stderr).toBe('')
  })
})

test('a work directory in memory is poor', async () => {
  const host = await Host.with({name: 'vm-1'})
  const wrapper = scriptWithOwnMounts(mountedOn(host.path('work'), '2g'))
  const ending = await host.startUnder(wrapper, 'doctor').ended
  expect(lineOf(ending, 'work-directory')).toEqual(['poor', expect.stringContaining('tmpfs')])
  expect(ending.stdout).toContain('It is in memory')
  expect(ending.exitCode).toBe(0)
})

test.each(['work-directory', 'state-directory'])('a full %s keeps instances from running', async check => {
  const host = await Host.with({name: 'vm-1'}, {name: 'vm-2'})
  const directory = host.path(check.replace('-directory', ''))
  await mkdir(directory, {recursive: true, mode: 0o700})
  const mounted = `mount -t tmpfs -o size=8k,mode=700 none '${directory}'`
  const filled = `${mounted} && head -c 8k /dev/zero >'${directory}/filling' && exec "$@"`
  const ending = await host.startUnder(scriptWithOwnMounts(filled), 'doctor').ended
  expect(ending.stderr).toBe('')
  expect(lineOf(ending, check)[0]).toBe('missing')
  expect(ending.stdout).toMatch(/ENOSPC.*No space is left: free some, or name another/su)
  expect(ending.stdout.split(`see above: ${check}\n`)).toHaveLength(3)
  expect(ending.exitCode).toBe(1)
})

test('a default work directory that is refused is named', async () => {
  const host = await Host.with({name: 'vm-1'})
  host.environment['VMRUN_WORK_DIR'] = undefined
  const wrapper = scriptWithOwnMounts(mountedOn('/var/tmp', '1m'))
  const [finding] = found(await host.startUnder(wrapper, 'doctor', '--json').ended, 'work-directory')
  expect(finding).toMatchObject({subject: '/var/tmp', state: 'missing'})
})

test('a low limit of open files is poor', async () => {
  const host = await Host.with({name: 'vm-1'})
  const ending = await host.startInShell('ulimit -n 200 && exec "$@"', 'doctor').ended
  expect(lineOf(ending, 'open-files')).toEqual(['poor', '200 at most'])
})

test('a QEMU that does not get its filter is found out, and could not run an instance', async () => {
  const host = await Host.with({name: 'vm-1', arch: 'x86_64'})
  await host.putBeforeQemu(
    `case "$*" in *-sandbox*) echo "There is no option group 'sandbox'" >&2; exit 1;; esac`,
  )
  const ending = await host.vmrun('doctor')
  expect(lineOf(ending, 'sandbox x86_64')).toEqual(['missing', expect.stringContaining('no option group')])
  expect(lineOf(ending, 'vm-1')[0]).toBe('missing')
  expect(ending.exitCode).toBe(1)
})
