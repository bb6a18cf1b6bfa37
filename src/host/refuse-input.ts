import {type BigIntStats, fstatSync} from 'node:fs'
import {stat} from 'node:fs/promises'
import {UsageError} from '../errors/errors.js'

/**
 * Refuses to write to a file that is read, by whatever name or link it is reached.
 *
 * @param named what is to be written to, as it was named
 * @param output the file; where it is open already, of the open one, so that it stays the same
 * @param inputs paths of what is read
 * @throws UsageError when it is one of them
 */
export async function refuseInput(
  named: string,
  output: Pick<BigIntStats, 'dev' | 'ino'>,
  inputs: readonly string[],
): Promise<void> {
  for (const input of inputs) {
    const found = await stat(input, {bigint: true}).catch(() => undefined)
    if (found?.dev === output.dev && found.ino === output.ino) {
      throw new UsageError(`${named} cannot be written to: it is ${input}, which is read`, {
        hint: 'Name another file.',
      })
    }
  }
}

/** The same for what this process prints. */
export async function refusePrintedInput(inputs: readonly string[]): Promise<void> {
  for (const [{fd}, name] of [
    [process.stdout, 'standard output'],
    [process.stderr, 'standard error'],
  ] as const) {
    await refuseInput(name, fstatSync(fd, {bigint: true}), inputs)
  }
}
