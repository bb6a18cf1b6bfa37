import {execFile} from 'node:child_process'
import {readdir, rm, symlink} from 'node:fs/promises'
import {promisify, stripVTControlCharacters} from 'node:util'
import {describe, expect, test} from 'vitest'
import {guestImage} from '../guest-image.js'
import {Host} from './host.js'

const run = promisify(execFile)

/** A place without an instances file, and with an image. */
async function emptyHost(): Promise<Host> {
  const host = await Host.with()
  await rm(host.path('instances.json'))
  await symlink(await guestImage('nano'), host.path('nano.qcow2'))
  return host
}

/** The files in its directory that a user would see or find beside the image. */
async function filesOf(host: Host): Promise<readonly string[]> {
  const own = new Set(['nano.qcow2', 'work', 'tmp', 'state', 'cache'])
  return (await readdir(host.directory)).filter(name => !own.has(name))
}

/** The vmrun on a host's terminal, below the `script` that made it. */
async function askingProcess(host: Host): Promise<number> {
  const [pid] = Array.from(await host.processes()).find(([, line]) => line.startsWith(process.execPath)) ?? []
  return pid ?? Number.NaN
}

describe('where nobody can be asked', () => {
  test('init writes a file of what the flags say, which validates', async () => {
    const host = await emptyHost()
    const {stdout, stderr, exitCode} = await host.vmrun(
      ...['init', '--name', 'vm-2', '--image', 'nano.qcow2', '--arch', 'aarch64', '--timeout', '60'],
    )
    expect(stderr).toBe('')
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^Wrote instances\.json/u)
    expect(stdout).toMatch(/^ {2}vmrun validate$/mu)
    expect(stdout).toMatch(/^ {2}vmrun run vm-2$/mu)
    expect(await host.read('instances.json')).toBe(
      '[\n  {\n    "name": "vm-2",\n    "image": "nano.qcow2",\n    "arch": "aarch64",\n' +
        '    "timeout-seconds": 60,\n    "config": {}\n  }\n]\n',
    )
    expect(await host.vmrun('validate')).toMatchObject({exitCode: 0})
  })

  test('--json gives the file and the instance to programs', async () => {
    const host = await emptyHost()
    const {stdout, exitCode} = await host.vmrun('init', '--image', 'nano.qcow2', '--arch', 'x86_64', '--json')
    expect(JSON.parse(stdout)).toEqual({
      file: host.path('instances.json'),
      instance: {name: 'vm-1', image: 'nano.qcow2', arch: 'x86_64', 'timeout-seconds': 3600, config: {}},
    })
    expect(exitCode).toBe(0)
    expect(await filesOf(host)).toEqual(['instances.json'])
  })

  test('the commands that come next can be pasted, whatever the file and the instance are called', async () => {
    const host = await emptyHost()
    const {stdout} = await host.vmrun(
      ...['init', '--file', "it's.json", '--name', '-a b', '--image', 'nano.qcow2', '--arch', 'x86_64'],
    )
    const [validateLine, runLine] = stdout.trimEnd().split('\n').slice(-2)
    for (const [line, end] of [
      [validateLine, ''],
      [runLine, ' --dry-run'],
    ]) {
      const words = `${line?.trim()}`.replace(/^vmrun (?<command>\w+)/u, `"$@" $<command>${end}`)
      expect(await host.startInShell(words).ended).toMatchObject({exitCode: 0, stderr: ''})
    }
  })

  test.each(['027', '077'])('a file has the rights that the umask %s leaves it', async mask => {
    const host = await emptyHost()
    const script = `umask ${mask}; exec "$@"`
    expect(await host.startInShell(script, 'init', '--image', 'nano.qcow2').ended).toMatchObject({
      exitCode: 0,
    })
    expect(await host.mode('instances.json')).toBe(mask === '027' ? '640' : '600')
  })

  test('a file that is there stays as it is, byte for byte', async () => {
    const host = await emptyHost()
    await host.write('instances.json', 'precious')
    const {stderr, exitCode} = await host.vmrun('init', '--image', 'nano.qcow2')
    expect(stderr).toContain('instances.json exists already\n')
    expect(stderr).toContain('--file')
    expect(exitCode).toBe(2)
    expect(await host.read('instances.json')).toBe('precious')
    expect(await filesOf(host)).toEqual(['instances.json'])
  })

  test('of wrong flags all is told, each by its name, and nothing is written', async () => {
    const host = await emptyHost()
    const flags = ['--image', 'gone.qcow2', '--name', '', '--timeout', '1h', '--arch', 'x86-64']
    const {stdout, exitCode} = await host.vmrun('init', ...flags, '--json')
    expect(JSON.parse(stdout).error.message).toMatch(
      /--name: it must be.*--image: .*gone\.qcow2 does not exist.*--arch: .*did you mean x86_64.*--timeout: it must/su,
    )
    expect(exitCode).toBe(2)
    expect(await filesOf(host)).toEqual([])
  })
})

describe('on a terminal', () => {
  test('what no flag says is asked, and an answer that does not hold is refused with its reason', async () => {
    const host = await emptyHost()
    const init = host.startOnTerminal('init')
    await init.printed(/Name of the instance/u)
    init.type('vm-2\r')
    await init.printed(/Base image/u)
    init.type('gone.qcow2\r')
    await init.printed(/The image .*gone\.qcow2 does not exist/u)
    init.type('nano.qcow2\r')
    await init.printed(/architecture \(x86_64\): /u)
    init.type('aarch64\r')
    await init.printed(/How long/u)
    init.type('0\r')
    await init.printed(/must be a whole number from 1 to 2147483648, not 0/u)
    init.type('90\r')
    const {stdout, exitCode} = await init.ended
    expect(stdout).toContain('vmrun run vm-2')
    expect(exitCode).toBe(0)
    expect(JSON.parse(await host.read('instances.json'))).toEqual([
      {name: 'vm-2', image: 'nano.qcow2', arch: 'aarch64', 'timeout-seconds': 90, config: {}},
    ])
    expect(await host.vmrun('validate')).toMatchObject({exitCode: 0})
  })

  test('Enter takes the default: the image beside the file, the host’s architecture, an hour', async () => {
    const host = await emptyHost()
    const init = host.startOnTerminal('init')
    for (const question of [/Name of/u, /nano\.qcow2/u, /\(x86_64\)/u, /3600/u]) {
      await init.printed(question)
      init.type('\r')
    }

    expect(await init.ended).toMatchObject({exitCode: 0})
    expect(JSON.parse(await host.read('instances.json'))).toEqual([
      {name: 'vm-1', image: 'nano.qcow2', arch: 'x86_64', 'timeout-seconds': 3600, config: {}},
    ])
  })

  test.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('%s leaves nothing', async (_, key) => {
    const host = await emptyHost()
    const init = host.startOnTerminal('init')
    await init.printed(/Name of/u)
    init.type(key)
    const {stdout, exitCode} = await init.ended
    expect(exitCode).toBe(130)
    expect(stripVTControlCharacters(stdout).trimEnd()).toMatch(/\nError: interrupted: nothing was written$/u)
    expect(await filesOf(host)).toEqual([])
  })

  test('SIGTERM at a question leaves nothing', async () => {
    const host = await emptyHost()
    const init = host.startOnTerminal('init')
    await init.printed(/Name of/u)
    process.kill(await askingProcess(host), 'SIGTERM')
    const {stdout, exitCode} = await init.ended
    expect(exitCode).toBe(143)
    expect(stdout).toContain('nothing was written')
    expect(await filesOf(host)).toEqual([])
  })

  test('a question goes on after Ctrl-Z and fg, and still hears Ctrl-D', async () => {
    const host = await emptyHost()
    const init = host.startOnTerminal('init')
    await init.printed(/Name of/u)
    const pid = await askingProcess(host)
    const terminalState = async (): Promise<string> =>
      (await run('stty', ['--file', `/proc/${pid}/fd/0`, '--all'])).stdout
    init.type('\u001a')
    await expect.poll(terminalState).toContain(' icanon')
    process.kill(pid, 'SIGCONT')
    await expect.poll(terminalState).toContain(' -icanon')
    init.type('vm-2')
    await init.printed(/vm-2/u)
    init.type('\u0015\u0004')
    expect(await init.ended).toMatchObject({exitCode: 130})
    expect(await filesOf(host)).toEqual([])
  })

  test.each([
    {where: 'with --json', words: ['--json'], ci: undefined},
    {where: 'in CI', words: [], ci: 'true'},
  ])('nothing is asked $where', async ({words, ci}) => {
    const host = await emptyHost()
    host.environment['CI'] = ci
    const {stdout, exitCode} = await host.startOnTerminal('init', ...words).ended
    expect(stdout).toContain('--image is missing')
    expect(exitCode).toBe(2)
  })
})
