// Where vmrun is measured: a directory, an environment that keeps to it, and processes that end with it.
import {execFile, spawn} from 'node:child_process'
import {constants, openSync, rmSync} from 'node:fs'
import {chmod, mkdir, mkdtemp, readdir, writeFile} from 'node:fs/promises'
import {Socket} from 'node:net'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * A running process. All times are those of performance.now().
 *
 * @typedef {object} Started
 * @property {number} pid
 * @property {number} at when it was started
 * @property {Promise<number>} ended when it was gone itself; rejects unless it succeeded or was told to end
 * @property {(text: string) => Promise<number>} printed when it had printed a text; rejects when it ends without
 * @property {() => Promise<number>} end ends it, with all that it started
 */

export class Place {
  /** @type {string} */
  #directory
  /** @type {Set<number>} the groups of the processes that run */
  #running = new Set()
  #remove = () => {
    for (const group of this.#running) {
      process.kill(-group, 'SIGKILL')
    }

    rmSync(this.#directory, {recursive: true, force: true, maxRetries: 3})
  }

  /** @param {string} directory */
  constructor(directory) {
    this.#directory = directory
  }

  /**
   * Has something measured in a new place, of which nothing is left, however this process ends short of SIGKILL.
   *
   * @template Result
   * @param {(place: Place) => Promise<Result>} measure
   * @returns {Promise<Result>}
   */
  static async with(measure) {
    const place = new Place(await mkdtemp(path.join(tmpdir(), 'vmrun-bench-')))
    process.on('exit', place.#remove)
    try {
      // The user that QEMU runs as enters it too.
      await chmod(place.#directory, 0o711)
      await mkdir(`${place.#directory}/work`)
      return await measure(place)
    } finally {
      process.off('exit', place.#remove)
      place.#remove()
    }
  }

  /**
   * Nobody's plugins, a cache that stays as long as the place does, and no NODE_EXTRA_CA_CERTS: reading those takes a
   * bare Node up to three times as long, and every ratio to it would look better.
   */
  get #environment() {
    return {
      PATH: process.env['PATH'],
      HOME: this.#directory,
      TMPDIR: `${this.#directory}/work`,
      XDG_CACHE_HOME: `${this.#directory}/cache`,
      VMRUN_WORK_DIR: `${this.#directory}/work`,
      VMRUN_STATE_DIR: `${this.#directory}/state`,
    }
  }

  /**
   * @param {readonly [string, ...string[]]} command
   * @param {NodeJS.ProcessEnv} [env]
   * @returns {Started}
   */
  #start([program, ...words], env = this.#environment) {
    const at = performance.now()
    // A group of its own: the plain script's QEMU would outlive it.
    const child = spawn(program, words, {env, stdio: ['ignore', 'pipe', 'pipe'], detached: true})
    const pid = Number(child.pid)
    this.#running.add(pid)
    let [output, isToldToEnd] = ['', false]
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', text => {
        output += text
      })
    }

    const ended = new Promise((resolve, reject) => {
      child.on('exit', (code, signal) => {
        const gone = performance.now()
        this.#running.delete(pid)
        if (code === 0 || isToldToEnd) {
          resolve(gone)
        } else {
          reject(new Error(`${program} ${words.join(' ')} ended with ${code ?? signal}:\n${output}`))
        }
      })
    })
    const printed = (/** @type {string} */ text) =>
      new Promise((resolve, reject) => {
        child.stdout.on('data', () => output.includes(text) && resolve(performance.now()))
        child.on('close', () => reject(new Error(`${program} ended without "${text}":\n${output}`)))
      })
    const end = async () => {
      isToldToEnd = true
      process.kill(-pid, 'SIGTERM')
      return await ended
    }
    return {pid, at, ended, printed, end}
  }

  /**
   * @param {readonly string[]} words
   * @param {NodeJS.ProcessEnv} [env]
   */
  vmrun(words, env) {
    return this.#start([process.execPath, `${root}bin/run.js`, ...words], env)
  }

  /** @param {readonly string[]} words */
  plainRun(words) {
    return this.#start([`${root}scripts/bench/plain-run.sh`, ...words])
  }

  bareNode() {
    return this.#start([process.execPath, '-e', '0'])
  }

  /**
   * @param {{name: string, arch: string, ram: string, action: string}} guest see test/guests/README.md
   * @returns {Promise<{vmrun: readonly string[], plain: readonly string[]}>} what vmrun and the plain script run it by
   */
  async guest({name, arch, ram, action}) {
    const {stdout} = await run(`${root}test/guests/build`, [name])
    const image = stdout.trim()
    const described = {name: 'vm-1', config: {action}}
    const limits = {accelerator: 'tcg', 'timeout-seconds': 600, 'grace-seconds': 0}
    const [file, plainFile] = [`${this.#directory}/instances.json`, `${this.#directory}/instance.json`]
    await writeFile(file, JSON.stringify([{...described, arch, image, ram, ...limits}]))
    await writeFile(plainFile, JSON.stringify(described))
    return {
      vmrun: ['run', 'vm-1', '--file', file, '--console', 'stdout'],
      plain: [arch, image, plainFile, ram],
    }
  }

  /**
   * Puts a program named like QEMU first on a PATH, which tells of itself through a FIFO and becomes QEMU. The FIFO stays
   * open in QEMU, on a descriptor that vmrun does not use, until the kernel closes it at QEMU's end: nobody polls, and
   * QEMU keeps its parent and its process id. Its own time, some two milliseconds, is part of what is measured.
   *
   * @returns a function that runs vmrun: when it was started, QEMU executed, QEMU gone, and vmrun itself
   */
  async watchedVmrun() {
    const [bin, fifo] = [`${this.#directory}/bin`, `${this.#directory}/fifo`]
    const {stdout: qemu} = await run('sh', ['-c', 'command -v qemu-system-x86_64'])
    await mkdir(bin)
    await run('mkfifo', [fifo])
    await chmod(fifo, 0o666)
    // Opened for reading and writing, as that never blocks.
    const script = `#!/bin/bash\nexec {fifo}<>'${fifo}'\necho $$ >&"$fifo"\nexec '${qemu.trim()}' "$@"\n`
    await writeFile(`${bin}/qemu-system-x86_64`, script, {mode: 0o755})
    const env = {...this.#environment, PATH: `${bin}:${process.env['PATH']}`}
    return async (/** @type {readonly string[]} */ words) => {
      // Linux reports no end of a FIFO that nobody has written to since it was opened: pipe(7), poll(2).
      const fd = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK)
      const socket = new Socket({fd, readable: true, writable: false})
      const times = ['data', 'end'].map(
        event => new Promise(resolve => socket.once(event, () => resolve(performance.now()))),
      )
      const {at, ended} = this.vmrun(words, env)
      const end = await ended
      const [executed, gone] = /** @type {number[]} */ (await Promise.all(times))
      return {at, executed: Number(executed), gone: Number(gone), ended: end}
    }
  }

  /** Makes sure that runs left nothing behind. */
  async expectNothingLeft() {
    const left = await readdir(`${this.#directory}/work`)
    if (left.length > 0) {
      throw new Error(`left behind in the work directory: ${left.join(', ')}`)
    }
  }
}
