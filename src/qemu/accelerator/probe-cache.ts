import {createHash} from 'node:crypto'
import {mkdir, readFile, realpath, stat, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {writeAtomically} from '../../atomic-file.js'
import {isRecord} from '../qmp/messages.js'
import type {ProbeResult} from './probe.js'

/** What was asked: one accelerator under one program. */
export interface ProbeQuestion {
  readonly program: string
  readonly accelerator: string
}

/** Remembers what probes found, for as long as the host and QEMU stay what they are: one boot, one program. */
export class ProbeCache {
  readonly #directory: string

  /** @param directory where to remember; made when first needed */
  constructor(directory: string) {
    this.#directory = directory
  }

  /** What was found for this question, if anything. */
  async recall(question: ProbeQuestion): Promise<ProbeResult | undefined> {
    try {
      const {boot, result}: Record<string, unknown> = JSON.parse(
        await readFile(await this.#file(question), 'utf8'),
      )
      return boot === (await bootId()) ? checked(result) : undefined
    } catch {
      return
    }
  }

  /** Remembers a result. One that cannot be written down is merely found out again. */
  async remember(question: ProbeQuestion, result: ProbeResult): Promise<void> {
    try {
      const content = JSON.stringify({boot: await bootId(), result})
      await mkdir(this.#directory, {recursive: true, mode: 0o700})
      await writeAtomically(await this.#file(question), draft => writeFile(draft, content, {mode: 0o600}))
    } catch {
      return
    }
  }

  async #file({program, accelerator}: ProbeQuestion): Promise<string> {
    const file = await realpath(program)
    const {mtimeMs, size} = await stat(file)
    const key = createHash('sha256')
      .update(JSON.stringify([file, mtimeMs, size, accelerator]))
      .digest('hex')
    return path.join(this.#directory, `accelerator-${key.slice(0, 16)}.json`)
  }
}

function checked(result: unknown): ProbeResult | undefined {
  if (!isRecord(result)) {
    return
  }

  const {sound, reason} = result
  if (sound === true) {
    return {sound}
  }

  return typeof reason === 'string' ? {sound: false, reason, certain: true} : undefined
}

/** Names this boot of the host. @throws where the host does not name its boots */
async function bootId(): Promise<string> {
  if (process.platform === 'darwin') {
    const {execa} = await import('execa')
    return (await execa('sysctl', ['-n', 'kern.bootsessionuuid'])).stdout
  }

  return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim()
}
