import {chmod, mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {expect, inject, onTestFinished} from 'vitest'
import {guestImage} from '../guest-image.js'
import {Command, type Ending} from './command.js'

/** What an instance needs beside its own keys: a small machine that never touches the host's accelerator. */
const defaults = {arch: 'x86_64', 'timeout-seconds': 150, accelerator: 'tcg', ram: '256M', config: {}}

/**
 * One place where vmrun is used: an instances file, a work directory and a state directory of its own. The cache is that of
 * all hosts, so that each vmrun finds what an earlier one compiled.
 */
export class Host {
  /** The vmrun under test: this tree's, or the packed one. */
  static readonly program = inject('program') ?? new URL('../../bin/run.js', import.meta.url).pathname

  readonly directory: string
  readonly environment: NodeJS.ProcessEnv

  private constructor(directory: string) {
    this.directory = directory
    this.environment = {
      PATH: process.env['PATH'],
      HOME: directory,
      // All that vmrun starts gets this one: by it the processes are found that work for this host.
      TMPDIR: this.path('tmp'),
      VMRUN_WORK_DIR: this.path('work'),
      VMRUN_CACHE_DIR: inject('cache'),
      VMRUN_STATE_DIR: this.path('state'),
    }
  }

  /** A host whose instances boot the nano guest, unless they name another. What is left of it goes when the test ends. */
  static async with(...instances: readonly object[]): Promise<Host> {
    const host = new Host(await mkdtemp(path.join(tmpdir(), 'vmrun-test-')))
    onTestFinished(() => host.remove())
    // Also for the user that QEMU runs as.
    await chmod(host.directory, 0o711)
    await mkdir(host.path('work'))
    await mkdir(host.path('tmp'))
    const image = await guestImage('nano')
    await host.write('instances.json', JSON.stringify(instances.map(one => ({image, ...defaults, ...one}))))
    return host
  }

  /** Ends what a test that failed left running, and removes its files. */
  private async remove(): Promise<void> {
    for (const pid of (await this.processes()).keys()) {
      process.kill(pid, 'SIGKILL')
    }

    await rm(this.directory, {recursive: true, force: true, maxRetries: 3})
  }

  /** Gives it a cache of its own, in which there is nothing yet. */
  emptyCache(): string {
    const cache = this.path('cache')
    this.environment['VMRUN_CACHE_DIR'] = cache
    return cache
  }

  path(...names: readonly string[]): string {
    return path.join(this.directory, ...names)
  }

  async write(name: string, content: string): Promise<void> {
    await writeFile(this.path(name), content)
  }

  async read(name: string): Promise<string> {
    return await readFile(this.path(name), 'utf8')
  }

  /** The permissions of a file, in octal. */
  async mode(...names: readonly string[]): Promise<string> {
    return ((await stat(this.path(...names))).mode & 0o777).toString(8)
  }

  /** Has a shell command run each time before QEMU itself starts. */
  async putBeforeQemu(command: string): Promise<void> {
    await mkdir(this.path('bin'))
    const script = `#!/bin/sh\n${command}\nexec /usr/bin/qemu-system-x86_64 "$@"\n`
    await writeFile(this.path('bin', 'qemu-system-x86_64'), script, {mode: 0o755})
    this.environment['PATH'] = `${this.path('bin')}:${this.environment['PATH']}`
  }

  /** Starts vmrun. */
  start(...programArguments: readonly string[]): Command {
    return this.startUnder([], ...programArguments)
  }

  /** Starts vmrun as the last arguments of another command, such as `unshare`. */
  startUnder(wrapper: readonly string[], ...programArguments: readonly string[]): Command {
    const [first = process.execPath, ...rest] = [
      ...wrapper,
      process.execPath,
      Host.program,
      ...programArguments,
    ]
    return new Command(first, rest, this.environment, this.directory)
  }

  /** Starts vmrun as a shell's `"$@"`. */
  startInShell(script: string, ...programArguments: readonly string[]): Command {
    return this.startUnder(['sh', '-c', script, 'sh'], ...programArguments)
  }

  /** Starts vmrun on a terminal of its own, a hundred columns wide. */
  startOnTerminal(...programArguments: readonly string[]): Command {
    const words = [process.execPath, Host.program, ...programArguments].map(word => `'${word}'`).join(' ')
    const command = `stty cols 100 rows 40; exec ${words}`
    return new Command(
      'script',
      ['--quiet', '--return', '--flush', '--command', command, '/dev/null'],
      this.environment,
      this.directory,
    )
  }

  /** Runs vmrun to its end. */
  async vmrun(...programArguments: readonly string[]): Promise<Ending> {
    return await this.start(...programArguments).ended
  }

  /** Expects that no process, file or directory of a run is left. */
  async expectNothingLeft(): Promise<void> {
    expect(await readdir(this.path('work'))).toEqual([])
    expect(await readdir(this.path('tmp'))).toEqual([])
    expect(await this.records()).toEqual([])
    expect(await this.processes()).toEqual(new Map())
  }

  /** The same where the kernel and the reaper have something to do after vmrun's end: as soon as they have. */
  async expectNothingLeftSoon(): Promise<void> {
    await expect
      .poll(async () => [...(await this.records()), ...(await this.processes()).values()])
      .toEqual([])
    await this.expectNothingLeft()
  }

  /** The processes that work for this host, vmrun itself included: their command lines by their ids. */
  async processes(): Promise<ReadonlyMap<number, string>> {
    const pids = (await readdir('/proc')).filter(name => /^\d+$/u.test(name)).map(Number)
    const all = await Promise.all(
      pids.map(async pid => {
        const [environment, line] = await Promise.all(
          ['environ', 'cmdline'].map(name => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '')),
        )
        return {pid, ours: environment?.includes(`TMPDIR=${this.path('tmp')}\0`), line: line ?? ''}
      }),
    )
    return new Map(all.filter(({ours}) => ours).map(({pid, line}) => [pid, line]))
  }

  /** The run records, and whatever else is in the state directory. */
  async records(): Promise<readonly string[]> {
    const names = await readdir(this.path('state')).catch(() => [])
    return names.map(name => this.path('state', name))
  }

  /** The files below the work directory, whether or not they have a name, which hold a text and which somebody has open. */
  async filesWith(text: string): Promise<readonly string[]> {
    const pids = Array.from((await this.processes()).keys())
    const links = await Promise.all(
      pids.map(async pid => (await readdir(`/proc/${pid}/fd`)).map(name => `/proc/${pid}/fd/${name}`)),
    )
    const found = await Promise.all(
      links.flat().map(async link => {
        const file = await readlink(link).catch(() => '')
        return file.startsWith(this.path('work')) && (await readFile(link)).includes(text) ? file : ''
      }),
    )
    return found.filter(file => file !== '')
  }

  /** The ids of the QEMUs that run for this host. */
  async qemus(): Promise<readonly number[]> {
    const processes = await this.processes()
    return Array.from(processes).flatMap(([pid, line]) => (line.includes('qemu-system-') ? [pid] : []))
  }
}

/** The events of a run with `--json`. */
export function eventsOf({stdout}: Pick<Ending, 'stdout'>): readonly Readonly<Record<string, unknown>>[] {
  return stdout
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line))
}
