import {createHash} from 'node:crypto'
import {realpath, stat, writeFile} from 'node:fs/promises'
import {isRecord} from '../../contract/json-value.js'
import {bootId} from '../../host/environment.js'
import {pathIn} from '../../host/path-in.js'
import {readAtMost} from '../../host/read-file.js'
import {trustedDirectory, trustedPath} from '../../host/trusted.js'
import {writeAtomically} from '../../host/write-file.js'
import type {ProbeResult} from './probe.js'

/** What was asked: one accelerator under one program, for one user, as not everybody may use it. */
export interface ProbeQuestion {
  readonly program: string
  readonly accelerator: string
  /** Who QEMU runs as, by number; vmrun's own user without it. Temporary ones all have the same rights. */
  readonly user?: number | 'temporary' | undefined
}

/** In bytes. */
const longestAnswer = 65_536

/** Remembers what probes found, for as long as the host and QEMU stay what they are: one boot, one program. */
export class ProbeCache {
  readonly #directory: string

  /** @param directory where to remember; made when first needed */
  constructor(directory: string) {
    this.#directory = directory
  }

  /** What was found for this question; undefined if nothing was, or others could have written it. */
  async recall(question: ProbeQuestion): Promise<ProbeResult | undefined> {
    try {
      const file = trustedPath(await this.#file(question))
      const content: unknown = file && JSON.parse((await readAtMost(file, longestAnswer)).toString())
      return isRecord(content) && content['boot'] === (await bootId())
        ? resultIn(content['answer'])
        : undefined
    } catch {
      return
    }
  }

  /** Remembers an answer. One that cannot be written down is merely found out again. */
  async remember(question: ProbeQuestion, answer: ProbeResult): Promise<void> {
    try {
      const content = JSON.stringify({boot: await bootId(), answer})
      const file = await this.#file(question)
      trustedDirectory(this.#directory)
      await writeAtomically(file, draft => writeFile(draft, content, {mode: 0o600}))
    } catch {
      return
    }
  }

  async #file({program, accelerator, user}: ProbeQuestion): Promise<string> {
    const file = await realpath(program)
    const {mtimeMs, size} = await stat(file)
    const key = createHash('sha256')
      .update(JSON.stringify([file, mtimeMs, size]))
      .digest('hex')
    return pathIn(this.#directory, `accelerator-${accelerator}-${user ?? 'own'}-${key.slice(0, 16)}.json`)
  }
}

/** Another version of vmrun may have written it. */
function resultIn(answer: unknown): ProbeResult | undefined {
  if (!isRecord(answer) || typeof answer['milliseconds'] !== 'number') {
    return
  }

  const {sound, reason, milliseconds} = answer
  if (sound === true) {
    return {sound, milliseconds}
  }

  return sound === false && typeof reason === 'string'
    ? {sound, reason, certain: true, milliseconds}
    : undefined
}
