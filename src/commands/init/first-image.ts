import {readdir} from 'node:fs/promises'
import path from 'node:path'
import {pathIn, placeOf} from '../../host/path-in.js'
import {printable} from '../../text/printable.js'

/**
 * The first image beside an instances file, by name, as a path relative to the working directory; undefined where there is
 * none, or none that could be shown and typed.
 */
export async function firstImage(file: string): Promise<string | undefined> {
  const directory = path.dirname(await placeOf(file))
  const entries = await readdir(directory, {withFileTypes: true})
  const [first] = entries
    .filter(entry => !entry.isDirectory())
    .map(({name}) => name)
    .filter(name => name.endsWith('.qcow2') && name === printable(name).trim())
    .toSorted()
  return first === undefined ? undefined : path.relative(process.cwd(), pathIn(directory, first))
}
