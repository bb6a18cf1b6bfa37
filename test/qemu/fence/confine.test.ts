import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, onTestFinished, test, vi} from 'vitest'
import {type Command, confinement} from '../../../src/qemu/fence/confine.js'
import {processGone} from '../../process-gone.js'
import {temporaryDirectory} from '../../temporary-directory.js'

const asRoot = process.getuid?.() === 0

/** Starts a confined command, which is killed when the test is over. */
function started([program, ...programArguments]: Command): ChildProcess {
  const child = spawn(program, programArguments, {stdio: ['pipe', 'pipe', 'inherit']})
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  return child
}

/** What proc(5) says of a process in its status, once that is the program asked for. */
async function statusOf(pid: number | undefined, name: string): Promise<Readonly<Record<string, string>>> {
  const status = async (): Promise<Readonly<Record<string, string>>> => {
    const text = await readFile(`/proc/${pid}/status`, 'utf8')
    return Object.fromEntries(text.split('\n').map(line => line.split(':\t', 2).map(part => part.trim())))
  }
  await expect.poll(status).toMatchObject({Name: name})
  return await status()
}

test('its arguments are what was written', async () => {
  const confine = await confinement()
  const odd = [`it's "$HOME"`, '--', '', '-x', 'new\nline']
  const child = started(confine(['printf', '%s|', ...odd]))
  const [printed] = await once(child.stdout ?? child, 'data')
  expect(String(printed)).toBe(odd.map(one => `${one}|`).join(''))
})

test.each([
  [{}, '1'],
  [{newPrivileges: true}, '0'],
])(
  'the program keeps the process that was started; whether it may get new privileges, with the options %j',
  async (options, expected) => {
    const confine = await confinement(options)
    const {pid} = started(confine(['sleep', '1000']))
    expect(await statusOf(pid, 'sleep')).toMatchObject({Pid: String(pid), NoNewPrivs: expected})
  },
)

test.runIf(asRoot)('it runs as another user with none of root’s groups', async () => {
  const confine = await confinement({user: {name: 'nobody', uid: 65_534, gid: 65_533, groups: [65_532]}})
  const {pid} = started(confine(['sleep', '1000']))
  expect(await statusOf(pid, 'sleep')).toMatchObject({
    Uid: '65534\t65534\t65534\t65534',
    Gid: '65533\t65533\t65533\t65533',
    Groups: '65532',
    CapEff: '0000000000000000',
  })
})

test.runIf(asRoot)('it gets none of the capabilities that vmrun was given to hand on', async () => {
  const given = ['--inh-caps=+net_admin', '--ambient-caps=+net_admin']
  const status = join(await temporaryDirectory(), 'status')
  await writeFile(status, 'CapInh:\t0000000000001000\nCapAmb:\t0000000000001000\n')
  const confine = await confinement({}, status)
  // Another process than this one is its parent.
  const command = confine(['cat', '/proc/self/status']).map(word =>
    word === String(process.pid) ? '$$' : word,
  )
  const script = `${command.map(word => (word === '$$' ? '"$$"' : `'${word}'`)).join(' ')}; exit`
  const identity = ['--reuid=61999', '--regid=61999', '--clear-groups']
  const child = started(['setpriv', ...identity, ...given, '--', 'sh', '-c', script])
  const [printed] = await once(child.stdout ?? child, 'data')
  for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapAmb']) {
    expect(String(printed)).toMatch(new RegExp(`^${set}:\t0{16}$`, 'mu'))
  }
})

test('where there are none to hand on, setpriv is not asked to take any away', async () => {
  const status = join(await temporaryDirectory(), 'status')
  await writeFile(status, 'CapInh:\t0000000000000000\nCapAmb:\t0000000000000000\n')
  expect((await confinement({}, status))(['true']).join(' ')).not.toContain('caps')
})

test.each<[string, number | undefined]>([
  ['vmrun’s own user', undefined],
  ...(asRoot ? [['another user', 65_534] satisfies [string, number]] : []),
])('as %s, it dies with the process that started it, however that dies', async (_, uid) => {
  const user = uid === undefined ? undefined : {name: 'nobody', uid, gid: uid, groups: []}
  const script = `
    import {spawn} from 'node:child_process'
    const [program, ...rest] = JSON.parse(process.argv[1]).map(word => word === 'PARENT' ? String(process.pid) : word)
    const child = spawn(program, rest, {detached: true, stdio: 'ignore'})
    console.log(child.pid)
    setInterval(() => {}, 1000)`
  const confine = await confinement({user})
  const command = confine(['sleep', '1000']).map(word => (word === String(process.pid) ? 'PARENT' : word))
  const parent = started([process.execPath, '--input-type=module', '-e', script, JSON.stringify(command)])
  const [pid] = await once(parent.stdout ?? parent, 'data')
  await statusOf(Number(pid), 'sleep')
  parent.kill('SIGKILL')
  await processGone(Number(pid))
})

test('it does not start where the process that asked for it is gone already', async () => {
  const confine = await confinement()
  const command = confine(['echo', 'started'])
  // Another process than the one that the command was made for.
  const child = started(['sh', '-c', '"$@"; echo "code $?"', 'sh', ...command])
  const [printed] = await once(child.stdout ?? child, 'data')
  expect(String(printed)).toBe('code 1\n')
})

test('without setpriv the command is what it was, but never as root when another user was asked for', async () => {
  vi.stubEnv('PATH', '/proc/nonexistent')
  expect((await confinement())(['sleep', '1'])).toEqual(['sleep', '1'])
  const user = {name: 'nobody', uid: 65_534, gid: 65_534, groups: []}
  await expect(confinement({user})).rejects.toMatchObject({
    name: 'HostError',
    message: expect.stringContaining('without setpriv'),
    hint: expect.stringContaining('--user root'),
  })
})
