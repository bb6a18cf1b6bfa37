import {execFileSync} from 'node:child_process'
import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {temporaryDirectory} from '../iso9660/written-image.js'

/** A directory with `base.qcow2`, of 1 GiB, and an instances file of these entries, one a line. */
export interface WrittenInstances {
  readonly directory: string
  readonly file: string
  readonly image: string
}

/** Writes an instances file. An entry has what every entry needs, where it does not say otherwise. */
export async function writtenInstances(...entries: readonly object[]): Promise<WrittenInstances> {
  const directory = await temporaryDirectory()
  const [file, image] = [join(directory, 'instances.json'), join(directory, 'base.qcow2')]
  execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', image, '1G'])
  const lines = entries.map(entry =>
    JSON.stringify({
      name: 'vm-1',
      image: 'base.qcow2',
      'timeout-seconds': 60,
      config: {},
      arch: 'x86_64',
      ...entry,
    }),
  )
  await writeFile(file, `[\n${lines.join(',\n')}\n]\n`)
  return {directory, file, image}
}
