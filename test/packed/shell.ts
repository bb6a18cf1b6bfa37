import {spawnSync} from 'node:child_process'
import {mkdir, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {expect, inject} from 'vitest'
import {Command, type Ending} from '../e2e/command.js'
import {Host} from '../e2e/host.js'
import {npmSetup} from './npm.js'

/**
 * A shell of somebody who has installed vmrun: commands are typed as the documentation has them, one after the other, and
 * `cd` lasts.
 */
export class Shell {
  readonly host: Host
  #directory: string

  private constructor(host: Host, setup: NodeJS.ProcessEnv) {
    this.host = host
    this.#directory = host.directory
    Object.assign(host.environment, setup, {
      PATH: `${inject('packed').programs}:${process.env['PATH']}`,
      XDG_DATA_HOME: host.path('data'),
    })
  }

  /** A user's, in an empty directory, but for an instances file with these instances. No registry is reached. */
  static async with(...instances: readonly object[]): Promise<Shell> {
    const host = await Host.with(...instances)
    await mkdir(host.path('data'))
    return new Shell(host, {
      npm_config_cache: host.path('npm-cache'),
      npm_config_registry: 'http://127.0.0.1:9/',
      npm_config_fetch_retries: '0',
    })
  }

  /** That of an author, for whom npm is set up as for whoever runs the tests. */
  static async ofAuthor(): Promise<Shell> {
    const host = await Host.with()
    await mkdir(host.path('data'))
    return new Shell(host, await npmSetup())
  }

  /** Writes a file, by its path from where the shell is. */
  async write(file: string, content: string): Promise<void> {
    const target = path.join(this.#directory, file)
    await mkdir(path.dirname(target), {recursive: true})
    await writeFile(target, content)
  }

  /** Starts a command; what it does to the directory of the shell counts for nothing. */
  start(line: string): Command {
    return new Command('sh', ['-c', line], this.host.environment, this.#directory)
  }

  /** Runs a command to its end, whatever that is. */
  async try(line: string): Promise<Ending> {
    const directory = this.host.path('directory')
    const ending = await this.start(`trap 'pwd >"${directory}"' EXIT\n${line}`).ended
    this.#directory = (await readFile(directory, 'utf8')).trimEnd()
    return ending
  }

  /** Runs a command that has to work. */
  async type(line: string): Promise<Ending> {
    const ending = await this.try(line)
    expectSuccess(line, ending)
    return ending
  }
}

/** Expects that a command worked; what it printed is shown when it did not. */
export function expectSuccess(line: string, {exitCode, stdout, stderr}: Ending): void {
  expect(exitCode, `$ ${line}\n${stdout}${stderr}`).toBe(0)
}

/** The commands of a script: each is of as many lines as the shell needs to understand it. */
export function commandsOf(script: string): readonly string[] {
  const commands: string[] = []
  let open = ''
  for (const line of script.trimEnd().split('\n')) {
    open += `${line}\n`
    if (spawnSync('sh', ['-n', '-c', open]).status === 0) {
      commands.push(open.trimEnd())
      open = ''
    }
  }

  return open === '' ? commands : [...commands, open]
}
