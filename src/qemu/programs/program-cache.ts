import {createHash} from 'node:crypto'
import {realpath, stat, writeFile} from 'node:fs/promises'
import {bootId} from '../../host/boot-id.js'
import {pathIn} from '../../host/path-in.js'
import {readAtMost} from '../../host/read-file.js'
import {trustedDirectory, trustedPath} from '../../host/trusted.js'
import {writeAtomically} from '../../host/write-file.js'

/** Something that is found out about a program once. */
export interface ProgramQuestion {
  readonly program: string
  /** What is asked; part of a file's name. */
  readonly about: string
  /** Whether the answer holds for this boot of the host only. */
  readonly untilBoot?: boolean
}

/** In bytes. */
const longestAnswer = 65_536

/** Remembers what was found out about programs, for as long as a program stays what it is. */
export class ProgramCache {
  readonly #directory: string

  /** @param directory where to remember; made when first needed */
  constructor(directory: string) {
    this.#directory = directory
  }

  /**
   * What was found for this question; undefined if nothing was, or others could have written it. Another version of vmrun
   * may have: it has to be checked.
   */
  async recall(question: ProgramQuestion): Promise<unknown> {
    try {
      const file = trustedPath(await this.#file(question))
      if (file === undefined) {
        return
      }

      const {boot, answer}: Record<string, unknown> = JSON.parse(
        (await readAtMost(file, longestAnswer)).toString(),
      )
      return boot === (await bootOf(question)) ? answer : undefined
    } catch {
      return
    }
  }

  /** Remembers an answer, a JSON value. One that cannot be written down is merely found out again. */
  async remember(question: ProgramQuestion, answer: unknown): Promise<void> {
    try {
      const [file, boot] = await Promise.all([this.#file(question), bootOf(question)])
      const content = JSON.stringify({boot, answer})
      trustedDirectory(this.#directory)
      await writeAtomically(file, draft => writeFile(draft, content, {mode: 0o600}))
    } catch {
      return
    }
  }

  async #file({program, about}: ProgramQuestion): Promise<string> {
    const file = await realpath(program)
    const {mtimeMs, size} = await stat(file)
    const key = createHash('sha256')
      .update(JSON.stringify([file, mtimeMs, size]))
      .digest('hex')
    return pathIn(this.#directory, `${about}-${key.slice(0, 16)}.json`)
  }
}

/** @returns undefined for an answer that outlives the boot, and then there is none in the file either */
async function bootOf({untilBoot = false}: ProgramQuestion): Promise<string | undefined> {
  return untilBoot ? await bootId() : undefined
}
