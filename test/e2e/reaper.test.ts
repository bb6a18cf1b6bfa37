import {mkdir, readdir, writeFile} from 'node:fs/promises'
import {expect, test} from 'vitest'
import {isAlive} from '../../src/residue/process-identity.js'
import {compiled} from '../compiled.js'
import {running} from '../residue/processes.js'
import {Command} from './command.js'
import {Host} from './host.js'

/** Starts a process that stands for vmrun: it runs a script in which `reaper` is its own. */
async function startOwner(host: Host, script: string, shell = 'exec "$@"'): Promise<Command> {
  const program = `
    import {spawn} from 'node:child_process'
    import {openSync} from 'node:fs'
    import {startReaper} from '${await compiled('residue/reaper.ts')}'
    import {identityOf} from '${await compiled('residue/process-identity.ts')}'
    const files = ['record', 'record.draft'].map(name => '${host.path('state')}/' + name)
    ${script}
  `
  await mkdir(host.path('state'))
  await Promise.all(['record', 'record.draft', 'other'].map(name => writeFile(host.path('state', name), '')))
  const words = [process.execPath, '--input-type=module', '--eval', program]
  return new Command('sh', ['-c', shell, 'sh', ...words], host.environment, host.directory)
}

const reaper = 'const reaper = await startReaper(files)'
const forEver = 'setInterval(() => {}, 1000)'

async function expectReaped(host: Host): Promise<void> {
  await expect.poll(() => readdir(host.path('state'))).toEqual(['other'])
  await expect.poll(() => host.processes()).toEqual(new Map())
}

test.each(['SIGKILL', 'SIGTERM', 'SIGSEGV'] as const)(
  'after %s the record and its draft are removed',
  async signal => {
    const host = await Host.with()
    const owner = await startOwner(host, `${reaper}; console.log('ready'); ${forEver}`)
    await owner.printed(/ready/u)
    expect(await readdir(host.path('state'))).toHaveLength(3)
    owner.signal(signal)
    await owner.ended
    await expectReaped(host)
  },
)

test('what vmrun tells counts although it is killed in the very next moment', async () => {
  const host = await Host.with()
  const qemu = await running()
  const script = `${reaper}; reaper.guard(identityOf(${qemu.pid})); process.kill(process.pid, 'SIGKILL')`
  await (await startOwner(host, script)).ended
  expect(await qemu.ended).toBe('SIGKILL')
  await expectReaped(host)
})

test('one that is gone by then is not killed, nor whatever has its pid', async () => {
  const host = await Host.with()
  const qemu = await running()
  const script = `${reaper}; reaper.guard(identityOf(${qemu.pid})); reaper.release(); process.kill(process.pid, 'SIGKILL')`
  await (await startOwner(host, script)).ended
  await expectReaped(host)
  expect(isAlive(qemu)).toBe(true)
})

test('other children of vmrun that live on do not keep its death from being noticed', async () => {
  const host = await Host.with()
  const script = `
    ${reaper}
    const child = spawn('sleep', ['1000'], {detached: true, stdio: 'ignore', env: {PATH: process.env.PATH}})
    child.once('spawn', () => console.log('child ' + child.pid))
    ${forEver}
  `
  const owner = await startOwner(host, script)
  const [, child] = await owner.printed(/child (\d+)/u)
  owner.signal('SIGKILL')
  await owner.ended
  await expectReaped(host)
  process.kill(Number(child), 'SIGKILL')
})

test('it does not keep vmrun from ending, nor a pipe that vmrun’s output goes to from closing', async () => {
  const host = await Host.with()
  const {exitCode} = await (await startOwner(host, reaper)).ended
  expect(exitCode).toBe(0)
  await expectReaped(host)
})

test('where no file descriptors are left it cannot be started, and that is told', async () => {
  const host = await Host.with()
  const script = `
    try { while (true) openSync('/dev/null') } catch {}
    await startReaper(files).catch(error => process.stdout.write(error.name + ': ' + error.message + '; ' + error.hint))
  `
  const {stdout} = await (await startOwner(host, script, 'ulimit -n 64; exec "$@"')).ended
  expect(stdout).toMatch(/^HostError: cannot start the process that cleans up .*EMFILE.*; .*ulimit -n/u)
})
