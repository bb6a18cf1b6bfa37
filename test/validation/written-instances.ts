import {execFileSync} from 'node:child_process'
import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {temporaryDirectory} from '../temporary-directory.js'

/** A directory with `base.qcow2`, of 1 GiB, and an instances file of these entries, one a line. */
export interface WrittenInstances {
  readonly directory: string
  readonly file: string
  readonly image: string
}

/** An entry as it stands in the file, with what every entry needs where it does not say otherwise. */
export function writtenEntry(entry: object): string {
  return JSON.stringify({
    name: 'vm-1',
    image: 'base.qcow2',
    'timeout-seconds': 60,
    config: {},
    arch: 'x86_64',
    ...entry,
  })
}

/** Writes an instances file. */
export async function writtenInstances(...entries: readonly object[]): Promise<WrittenInstances> {
  const directory = await temporaryDirectory()
  const [file, image] = [join(directory, 'instances.json'), join(directory, 'base.qcow2')]
  execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', image, '1G'])
  await writeFile(file, `[\n${entries.map(writtenEntry).join(',\n')}\n]\n`)
  return {directory, file, image}
}
