import {readFile} from 'node:fs/promises'
import type {Run} from '../contract/run.js'
import {configDiskImage} from '../disks/config/image.js'
import {sourceDate} from '../disks/config/source-date.js'
import type {Bench} from './bench.js'
import {openFiles} from './traces.js'

/** The open files of this process, and of another one, with the bytes of a run's config disk. */
export async function copiesOpen(
  bench: Bench,
  {config, configDisk, environment, id, instance}: Run,
  other: number | undefined,
): Promise<readonly string[]> {
  const source = {name: instance.name, run: id, config}
  const image = configDiskImage(configDisk, source, sourceDate(environment))
  const bytes = Buffer.concat(Array.from(image.chunks()))
  const pids = [process.pid, ...(other === undefined ? [] : [other])]
  const open = (await Promise.all(pids.map(openFiles))).flat()
  const found = await Promise.all(
    open
      .filter(({file}) => file.startsWith(bench.path('work')))
      .map(async ({link}) => {
        const content = await readFile(link).catch(() => undefined)
        return content?.equals(bytes) ? [link] : []
      }),
  )
  return found.flat()
}
