// Where vmrun is measured: a directory with all that a measurement needs, and an environment that keeps to it.
import {execFile} from 'node:child_process'
import {access, chmod, mkdir, readdir, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'
import {Started} from './started.js'
import {withTemporaryDirectory} from './temporary-directory.js'
import {wrapQemu} from './watched-qemu.js'

const run = promisify(execFile)
const plainRun = fileURLToPath(new URL('plain-run.sh', import.meta.url))
const buildGuest = fileURLToPath(new URL('../../test/guests/build', import.meta.url))

/**
 * @typedef {object} Guest
 * @property {string} name of the guest, as test/guests/build knows it
 * @property {'x86_64' | 'aarch64'} arch
 * @property {string} ram
 * @property {string} action what it does once it runs: test/guests/README.md
 */

export class Place {
  /** @type {string} */
  directory
  /** @type {string} */
  program
  /** @type {Set<Started>} */
  #running = new Set()
  /** @type {string | undefined} */
  #fifo

  /**
   * @param {string} directory
   * @param {string} program vmrun's executable
   */
  constructor(directory, program) {
    this.directory = directory
    this.program = program
  }

  /**
   * Has something measured in a new place, of which nothing is left afterwards.
   *
   * @template Result
   * @param {string} program vmrun's executable
   * @param {(place: Place) => Promise<Result>} measure
   * @returns {Promise<Result>}
   */
  static async with(program, measure) {
    return await withTemporaryDirectory('vmrun-bench-', async directory => {
      const place = new Place(directory, program)
      const endAll = () => place.#endAll()
      process.prependListener('exit', endAll)
      try {
        // The user that QEMU runs as enters it too.
        await chmod(directory, 0o711)
        await mkdir(place.path('work'))
        return await measure(place)
      } finally {
        process.off('exit', endAll)
        place.#endAll()
      }
    })
  }

  #endAll() {
    for (const one of this.#running) {
      one.kill('SIGKILL')
    }
  }

  /** @param {readonly string[]} names */
  path(...names) {
    return path.join(this.directory, ...names)
  }

  /** @returns {NodeJS.ProcessEnv} nobody's plugins, and a cache that stays as long as the place does */
  get environment() {
    const {PATH, NODE_EXTRA_CA_CERTS: certificates} = process.env
    return {
      PATH,
      ...(certificates && {NODE_EXTRA_CA_CERTS: certificates}),
      HOME: this.directory,
      TMPDIR: this.path('work'),
      XDG_CACHE_HOME: this.path('cache'),
      VMRUN_WORK_DIR: this.path('work'),
      VMRUN_STATE_DIR: this.path('state'),
    }
  }

  /**
   * Finds a guest's image, and writes the files that describe an instance with it: for vmrun, and for the plain script.
   *
   * @param {Guest} guest
   * @returns {Promise<{vmrun: readonly string[], plain: readonly string[]}>} the arguments with which they run it
   */
  async guest({name, arch, ram, action}) {
    const {stdout} = await run(buildGuest, [name])
    const image = stdout.trim()
    const described = {name: 'vm-1', config: {action}}
    const instance = {
      ...described,
      ...{arch, image, ram, accelerator: 'tcg', 'timeout-seconds': 600, 'grace-seconds': 0},
    }
    const [file, plainFile] = [
      this.path(`${name}-${action}.json`),
      this.path(`${name}-${action}-instance.json`),
    ]
    await writeFile(file, JSON.stringify([instance]))
    await writeFile(plainFile, JSON.stringify(described))
    return {vmrun: ['run', 'vm-1', '--file', file], plain: [arch, image, plainFile, ram]}
  }

  /**
   * Starts a command, which is ended with the place at the latest.
   *
   * @param {readonly [string, ...string[]]} command
   * @param {import('./started.js').StartOptions} [options]
   */
  start(command, options = {}) {
    const started = new Started(command, {env: this.environment, ...options})
    this.#running.add(started)
    const forget = () => this.#running.delete(started)
    started.ended.then(forget, forget)
    return started
  }

  /**
   * Starts vmrun.
   *
   * @param {readonly string[]} words
   * @param {import('./started.js').StartOptions} [options]
   */
  vmrun(words, options = {}) {
    return this.start([process.execPath, this.program, ...words], options)
  }

  /**
   * Starts the plain script.
   *
   * @param {readonly string[]} words
   * @param {import('./started.js').StartOptions} [options]
   */
  plainRun(words, options = {}) {
    // Unlike vmrun's, its QEMU would outlive it.
    return this.start([plainRun, ...words], {...options, isGroup: true})
  }

  /** Node, doing nothing. @returns {Promise<number>} how long that takes, in milliseconds */
  async bareNode() {
    return await this.duration([process.execPath, '-e', '0'])
  }

  /**
   * Runs a command to its end.
   *
   * @param {readonly [string, ...string[]]} command
   * @returns {Promise<number>} how long it took, in milliseconds
   */
  async duration(command) {
    const started = this.start(command)
    return (await started.ended) - started.at
  }

  /** @returns {Promise<{env: NodeJS.ProcessEnv, fifo: string}>} an environment in which QEMU can be watched */
  async watched() {
    const directory = this.path('bin')
    this.#fifo ??= await wrapQemu(directory, await findOnPath('qemu-system-x86_64'))
    return {fifo: this.#fifo, env: {...this.environment, PATH: `${directory}:${process.env['PATH']}`}}
  }

  /** Makes sure that a run left nothing behind. */
  async expectNothingLeft() {
    const left = await readdir(this.path('work'))
    if (left.length > 0) {
      throw new Error(`left behind in the work directory: ${left.join(', ')}`)
    }
  }
}

/**
 * @param {string} name
 * @returns {Promise<string>}
 */
async function findOnPath(name) {
  for (const directory of (process.env['PATH'] ?? '').split(':')) {
    const candidate = path.join(directory, name)
    const isThere = await access(candidate).then(
      () => true,
      () => false,
    )
    if (isThere) {
      return candidate
    }
  }

  throw new Error(`${name} is not installed`)
}
