import {readdir} from 'node:fs/promises'
import {codeOf} from '../errors/thrown.js'
import {ownIdentity} from './process-identity.js'
import {ownWhereabouts} from './record-name.js'
import {type Outcome, type Swept, sweepFile} from './sweep-file.js'

/** A file of the state directory, and what there is to be told of it. */
export interface SweptFile extends Omit<Swept, 'outcome'> {
  /** The file's name. */
  readonly file: string
}

/** What a sweep did. */
export type SweepReport = Readonly<Record<Outcome, readonly SweptFile[]>>

/**
 * Removes what dead runs left: a QEMU that still runs, the one file that may have had a name, and the record. A run is
 * dead when its vmrun is gone, or the host was booted since. What belongs to a living vmrun, to another user, or to
 * processes that cannot be seen from here is left alone, and so is every file that is no record. Two sweeps at once do
 * no harm: what one has removed the other does not tell of.
 *
 * @param directory as `findStateDirectory` gives it; one that is not there holds nothing
 * @param signal ends the wait for a process that was killed
 * @throws HostError where nothing can be told of processes; what `readdir` throws
 */
export async function sweep(directory: string, signal?: AbortSignal): Promise<SweepReport> {
  const names = await namesIn(directory)
  ownIdentity()
  const here = await ownWhereabouts()
  const swept = await Promise.all(names.map(name => sweepFile({directory, name, here}, signal)))
  const report: Record<Outcome, SweptFile[]> = {removed: [], leftAlone: [], failed: []}
  for (const [index, found] of swept.entries()) {
    if (found !== undefined) {
      const {outcome, ...told} = found
      report[outcome].push({file: names[index] ?? '', ...told})
    }
  }

  return report
}

async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    return (await readdir(directory)).sort()
  } catch (error) {
    if (codeOf(error) === 'ENOENT') {
      return []
    }

    throw error
  }
}
