import {type ChildProcess, spawn} from 'node:child_process'
import {EventEmitter, once} from 'node:events'

/** How a command ended. */
export interface Ending {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A command that runs, with what it printed so far. */
export class Command {
  stdout = ''
  stderr = ''
  readonly ended: Promise<Ending>
  readonly #child: ChildProcess
  #over = false
  readonly #output = new EventEmitter()

  constructor(
    program: string,
    programArguments: readonly string[],
    environment: NodeJS.ProcessEnv,
    cwd: string,
  ) {
    this.#child = spawn(program, programArguments, {cwd, env: environment, stdio: 'pipe'})
    for (const name of ['stdout', 'stderr'] as const) {
      this.#child[name]?.setEncoding('utf8').on('data', (text: string) => {
        this[name] += text
        this.#output.emit('changed')
      })
    }

    this.ended = once(this.#child, 'close').then(([exitCode]) => {
      this.#over = true
      this.#output.emit('changed')
      return {exitCode, stdout: this.stdout, stderr: this.stderr}
    })
  }

  get pid(): number {
    return Number(this.#child.pid)
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** No longer takes what it prints. */
  stopReading(): void {
    this.#child.stdout?.pause()
  }

  /** Takes what it prints again. */
  readOn(): void {
    this.#child.stdout?.resume()
  }

  /** Sends text to its standard input. */
  type(text: string): void {
    this.#child.stdin?.write(text)
  }

  /** Waits until something is printed that matches. Rejects when the command ends before. */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    while (true) {
      const match = pattern.exec(this.stdout) ?? pattern.exec(this.stderr)
      if (match) {
        return match
      }

      if (this.#over) {
        throw new Error(`ended without printing ${pattern}:\n${this.stdout}\n${this.stderr}`)
      }

      await once(this.#output, 'changed')
    }
  }
}
