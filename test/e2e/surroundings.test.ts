import {spawnSync} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {chown, readdir, readFile} from 'node:fs/promises'
import {constants} from 'node:os'
import {expect, test} from 'vitest'
import {openFiles} from '../open-files.js'
import {Host} from './host.js'
import {installPlugins} from './plugins.js'

/** Whether this host writes a core into a file in the working directory. */
const intoFiles =
  process.platform === 'linux' &&
  /^[^|@/]*$/u.test(readFileSync('/proc/sys/kernel/core_pattern', 'utf8').trim())

/** Waits until Node listens to a signal, which it does before it runs anybody's code: without giving way to anything. */
function waitUntilCaught(pid: number, signal: keyof typeof constants.signals): void {
  const bit = 1n << BigInt(constants.signals[signal] - 1)
  let caught = 0n
  while ((caught & bit) === 0n) {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    caught = BigInt(`0x${/^SigCgt:\s*(?<mask>[0-9a-f]+)$/mu.exec(status)?.groups?.['mask'] ?? '0'}`)
  }
}

/** The sockets at which a process listens for connections over TCP: proc_pid_net(5), where 0A is to listen. */
async function listeners(pid: number): Promise<readonly string[]> {
  const descriptors = await openFiles(pid)
  const tables = await Promise.all(['tcp', 'tcp6'].map(name => readFile(`/proc/${pid}/net/${name}`, 'utf8')))
  return tables
    .flatMap(table => table.split('\n'))
    .filter(line => / 0A /u.test(line))
    .filter(line => descriptors.includes(`socket:[${line.trim().split(/\s+/u)[9]}]`))
}

test.runIf(process.platform === 'linux')(
  'SIGUSR1 opens no debugger, by which others could have vmrun do anything: one from before vmrun began is closed at once',
  async () => {
    const host = await Host.with({name: 'vm-1', config: {action: 'wait'}})
    // At any port that is free.
    host.environment['NODE_OPTIONS'] = '--inspect-port=0'
    const run = host.start('run', 'vm-1', '--console', 'stdout')
    waitUntilCaught(run.pid, 'SIGUSR1')
    run.signal('SIGUSR1')
    await run.printed(/nano: waiting/u)
    expect(run.stderr).toContain('Debugger listening')
    expect(await listeners(run.pid)).toEqual([])
    const before = run.stderr.length
    run.signal('SIGUSR1')
    run.signal('SIGTERM')
    const {exitCode, stderr} = await run.ended
    expect(stderr.slice(before)).not.toContain('Debugger')
    expect(exitCode).toBe(143)
    await host.expectNothingLeft()
  },
)

test.runIf(intoFiles)(
  'a vmrun that crashes before it knows any secret leaves none in a core either',
  async () => {
    const host = await Host.with({name: 'vm-1'})
    host.environment['TOKEN'] = 'very-secret'
    await installPlugins(host, {name: 'vmrun-plugin-crash', module: 'process.abort()'})
    await host.startInShell('ulimit -c unlimited; exec "$@"', 'list').ended
    const cores = (await readdir(host.directory)).filter(name => name.startsWith('core'))
    expect(cores).toHaveLength(1)
    expect((await readFile(host.path(...cores))).includes('very-secret')).toBe(false)
  },
)

test.each(['0000', '0777'])(
  'under the umask %s, what vmrun makes is for its own user, who can use it',
  async mask => {
    const host = await Host.with({name: 'vm-1'})
    const script = `umask ${mask}; exec "$@"`
    const run = await host.startInShell(script, 'run', 'vm-1', '--console', 'console.log').ended
    expect(run).toMatchObject({exitCode: 0})
    expect(await host.mode('console.log')).toBe('600')
    expect(await host.read('console.log')).toContain('nano:')
    expect(await host.startInShell(script, 'build-iso', 'vm-1').ended).toMatchObject({exitCode: 0})
    expect(await host.mode('vm-1.iso')).toBe('600')
    await host.expectNothingLeft()
  },
)

const unknown = 54_321
const asUnknown = ['setpriv', `--reuid=${unknown}`, `--regid=${unknown}`, '--clear-groups', '--'] as const
const reachable =
  process.getuid?.() === 0 &&
  spawnSync(asUnknown[0], [...asUnknown.slice(1), 'test', '-r', Host.program]).status === 0

test.runIf(reachable).each([[undefined], ['/']])(
  'a user whom the host does not know, with HOME %j, can use it as well',
  async home => {
    const host = await Host.with({name: 'vm-1'})
    await Promise.all(['.', 'work', 'instances.json'].map(entry => chown(host.path(entry), unknown, unknown)))
    host.environment['HOME'] = home
    const {exitCode, stdout, stderr} = await host.startUnder(asUnknown, 'list').ended
    expect(stderr).toBe('')
    expect(stdout).toContain('vm-1')
    expect(exitCode).toBe(0)
  },
)
