// A process that was started, and when it did what.
import {spawn} from 'node:child_process'

/** How long anything that is measured may take at most, in milliseconds: then it is killed, as it hangs. */
const limit = 600_000

/**
 * @typedef {object} StartOptions
 * @property {NodeJS.ProcessEnv} [env]
 * @property {readonly (number | null)[]} [exitCodes] that are no failure
 * @property {boolean} [isGroup] whether what it starts gets its signals too
 */

/** A child process, what it prints, and its end. */
export class Started {
  /** On the clock of performance.now(), as all times here: milliseconds, monotonic. */
  at = performance.now()
  /** What it printed on stdout and stderr. */
  output = ''
  /** @type {Promise<number>} when the process itself was gone, whatever it started */
  ended
  /** @type {import('node:child_process').ChildProcess} */
  #child
  /** @type {Set<() => void>} */
  #listeners = new Set()
  /** @type {boolean} */
  #isGroup
  #isOver = false

  /**
   * @param {readonly [string, ...string[]]} command
   * @param {StartOptions & {env: NodeJS.ProcessEnv}} options
   */
  constructor([program, ...words], {env, exitCodes = [0], isGroup = false}) {
    this.#isGroup = isGroup
    this.#child = spawn(program, words, {env, stdio: ['ignore', 'pipe', 'pipe'], detached: isGroup})
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', text => this.#changed(text))
    }

    this.ended = new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.kill('SIGKILL'), limit)
      this.#child.on('error', error => {
        clearTimeout(timer)
        this.#isOver = true
        this.#changed('')
        reject(error)
      })
      this.#child.on('exit', code => {
        const at = performance.now()
        clearTimeout(timer)
        this.#isOver = true
        this.#changed('')
        if (exitCodes.includes(code)) {
          resolve(at)
        } else {
          reject(new Error(`${program} ${words.join(' ')} ended with ${code}:\n${this.output}`))
        }
      })
    })
    // A failure is told to whoever waits for the end; nobody may have begun to.
    this.ended.catch(() => undefined)
  }

  get pid() {
    return Number(this.#child.pid)
  }

  /** @param {NodeJS.Signals} signal */
  kill(signal) {
    if (this.#isGroup && !this.#isOver) {
      process.kill(-this.pid, signal)
    } else {
      this.#child.kill(signal)
    }
  }

  /**
   * Waits until it prints a text. Rejects when it ends without.
   *
   * @param {string} text
   * @returns {Promise<number>} when it did
   */
  async printed(text) {
    while (!this.output.includes(text)) {
      if (this.#isOver) {
        throw new Error(`ended without printing "${text}":\n${this.output}`)
      }

      await /** @type {Promise<void>} */ (
        new Promise(resolve => {
          this.#listeners.add(resolve)
        })
      )
    }

    return performance.now()
  }

  /** @param {string} text */
  #changed(text) {
    this.output += text
    const waiting = Array.from(this.#listeners)
    this.#listeners.clear()
    for (const listener of waiting) {
      listener()
    }
  }
}
