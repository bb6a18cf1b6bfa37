import {access, chmod, mkdir, mkdtemp, open, rm, symlink} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {expect, onTestFinished, vi} from 'vitest'
import {writeOverlay} from '../disks/overlay.js'
import {absolutePath} from '../host/path-in.js'
import {tracesIn} from './left-behind.js'

/** A file name with all that a careless program would read something into. */
export const hostileName = [
  'comma,readonly=on,,format=raw',
  `it's "quoted"`,
  String.raw`back\slash\n\u0041`,
  'new\nline',
  'zwölf 十二 🙂',
  '%s ${HOME} $(id) `id`',
].join(' ')

/** In bytes. */
const emptyImageSize = 64 * 2 ** 20

/** How long something may take to be gone that the kernel still has to do with, in milliseconds. */
const goneLimit = 3000

/** One place where vmrun is used: directories of its own, with hostile names, that go when the test ends. */
export class Bench {
  /** The environment of a vmrun that is used here. */
  readonly environment: NodeJS.ProcessEnv
  readonly #directory: string
  #before: ReadonlySet<string> = new Set()

  private constructor(directory: string) {
    this.#directory = directory
    this.environment = {
      PATH: process.env['PATH'],
      HOME: directory,
      TMPDIR: this.path('tmp'),
      VMRUN_WORK_DIR: this.path('work'),
      VMRUN_CACHE_DIR: this.path('cache'),
      VMRUN_STATE_DIR: this.path('state'),
    }
  }

  static async make(): Promise<Bench> {
    const parent = await mkdtemp(path.join(tmpdir(), 'vmrun-testing-'))
    onTestFinished(() => rm(parent, {recursive: true, force: true, maxRetries: 3}))
    const bench = new Bench(path.join(parent, hostileName))
    for (const name of ['work', 'cache', 'tmp']) {
      await mkdir(bench.path(name), {recursive: true})
    }
    await mkdir(bench.path('state'), {mode: 0o700})
    // Also for the user that QEMU runs as.
    for (const directory of [parent, bench.path()]) {
      await chmod(directory, 0o711)
    }
    return bench
  }

  path(...names: readonly string[]): string {
    return path.join(this.#directory, ...names)
  }

  /** The path of an image, by a name of this place; of an empty one where there is none. */
  async image(file: string | undefined): Promise<string> {
    const name = this.path(`${hostileName}.qcow2`)
    if (file === undefined) {
      const empty = await open(name, 'wx')
      await writeOverlay(empty, emptyImageSize).finally(() => empty.close())
      return name
    }

    await access(file).catch((error: unknown) => {
      throw new Error(`"image" names a file that is not there: ${file}. Build the guest first.`, {
        cause: error,
      })
    })
    await symlink(absolutePath(file), name)
    return name
  }

  /** Takes what is there now for what may stay. */
  async remember(): Promise<void> {
    this.#before = new Set(await this.#left())
  }

  /** Expects that nothing is there that was not when it was last told to remember. */
  async expectNothingLeft(advice: string): Promise<void> {
    await vi.waitFor(async () => {
      const left = await this.#left()
      expect(left, `This is left:\n${left.join('\n')}\n${advice}\n`).toEqual([])
    }, goneLimit)
  }

  /** What is there that was not. What vmrun remembers of this host is to stay. */
  async #left(): Promise<readonly string[]> {
    const traces = await tracesIn(this.path(), this.path('cache'))
    return traces.filter(trace => !this.#before.has(trace))
  }
}
