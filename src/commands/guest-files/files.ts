import {chmod, lstat, mkdir, readFile, writeFile} from 'node:fs/promises'
import {appending} from '../../disks/config/nocloud.js'
import {codeOf, HostError, UsageError} from '../../errors/errors.js'
import {pathIn} from '../../host/path-in.js'
import {whyNotWritten, writeAtomically} from '../../host/write-file.js'

/** A file for whoever makes an image. */
interface GuestFile {
  readonly name: string
  readonly mode: number
  readonly content: string
}

/** Where the files of vmrun's package go in a guest. */
const places = [
  {name: 'vmrun-say', mode: 0o755, directory: '/usr/local/bin'},
  {name: 'vmrun-job', mode: 0o755, directory: '/usr/local/bin'},
  {name: 'vmrun-job.service', mode: 0o644, directory: '/etc/systemd/system'},
] as const

/** @param source the directory of the package that has them */
export async function guestFiles(source: string): Promise<readonly GuestFile[]> {
  const files = await Promise.all(
    places.map(async place => ({...place, content: await readFile(pathIn(source, place.name), 'utf8')})),
  )
  const installed = files.map(({name, directory, ...file}) => ({...file, path: `${directory}/${name}`}))
  // The job is to start when all of the user's own data is done. The unit cannot say so for every image: where it is part of
  // multi-user.target, cloud-final.service waits for that.
  const afterCloudInit = {
    path: '/etc/systemd/system/vmrun-job.service.d/after-cloud-init.conf',
    mode: 0o644,
    content: ['[Unit]', 'After=cloud-final.service', ''].join('\n'),
  }
  return [
    ...files,
    {name: 'cloud-init.yaml', mode: 0o644, content: cloudConfig([...installed, afterCloudInit])},
  ]
}

/** What has cloud-init put files into a guest and start the job. */
function cloudConfig(
  files: readonly (Pick<GuestFile, 'mode' | 'content'> & {readonly path: string})[],
): string {
  const entries = files.flatMap(({path, mode, content}) => [
    `  - path: ${path}`,
    `    permissions: '0${mode.toString(8)}'`,
    '    content: |',
    ...content.split('\n').map(line => (line === '' ? '' : `      ${line}`)),
  ])
  return `#cloud-config
# Has a cloud image run /usr/local/bin/job, which other user-data has to bring, and tell vmrun how it goes.
merge_how: ${appending}
write_files:
${entries.join('\n')}
runcmd:
  - [systemctl, start, --no-block, vmrun-job.service]
`
}

/**
 * Writes files into a directory, which is made where it is missing.
 *
 * @returns their paths
 * @throws UsageError when one exists and `overwrite` is not set, HostError when one cannot be written
 */
export async function writeGuestFiles(
  files: readonly GuestFile[],
  directory: string,
  {overwrite}: {readonly overwrite: boolean},
): Promise<readonly string[]> {
  const paths = files.map(({name}) => pathIn(directory, name))
  for (const file of overwrite ? [] : paths) {
    if (await lstat(file).catch(() => undefined)) {
      const hint = 'Overwrite what is there with --force, or name another directory with --output.'
      throw new UsageError(`${file} exists already`, {hint})
    }
  }

  try {
    // Not recursive: below /proc Node would try for ever.
    await mkdir(directory).catch(unlessExists)
    for (const {name, mode, content} of files) {
      await writeAtomically(pathIn(directory, name), async draft => {
        await writeFile(draft, content, {flag: 'wx'})
        // By vmrun's umask it would be for its user alone.
        await chmod(draft, mode)
      })
    }
  } catch (error) {
    throw new HostError(`cannot write to ${directory}: ${whyNotWritten(error)}`, {cause: error})
  }

  return paths
}

function unlessExists(error: unknown): void {
  if (codeOf(error) !== 'EEXIST') {
    throw error
  }
}
