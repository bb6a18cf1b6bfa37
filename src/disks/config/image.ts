import {createHash} from 'node:crypto'
import type {ConfigDisk, ConfigSource, ConfigVolume} from '../../contract/config-disk.js'
import {HostError, UsageError} from '../../errors/errors.js'
import {type IsoImage, isoImage} from '../iso9660/image.js'

/** What is on a config disk that says nothing else. A guest finds it by its label. */
function instanceVolume({name, config}: ConfigSource): ConfigVolume {
  return {
    label: 'instance-configuration',
    files: [{name: 'instance.json', content: `${JSON.stringify({name, config})}\n`}],
  }
}

/**
 * The image of an instance's config disk.
 *
 * @param modified the date of everything on it
 * @throws HostError when ISO 9660 cannot hold the volume
 */
export function configDiskImage(
  configDisk: Pick<ConfigDisk, 'content'>,
  source: ConfigSource,
  modified: Date,
): IsoImage {
  const found = configDisk.content?.(source) ?? instanceVolume(source)
  if (found instanceof Uint8Array) {
    return {size: found.length, chunks: [found]}
  }

  const [problem] = problemsOfVolume(found)
  if (problem !== undefined) {
    throw new HostError(`the config disk cannot be written as ISO 9660: ${problem}`)
  }

  const files = found.files.map(({name, content}) => ({name, content: Buffer.from(content)}))
  return isoImage({label: found.label, files}, modified)
}

/** Why ISO 9660 cannot hold a volume, whatever is in its files: where and what, with nothing of the volume. */
export function problemsOfVolume({label, files}: ConfigVolume): readonly string[] {
  try {
    isoImage({label, files: files.map(({name}) => ({name, content: Buffer.alloc(0)}))}, new Date(0))
    return []
  } catch (error) {
    if (error instanceof RangeError) {
      return [error.message]
    }

    throw error
  }
}

/** Overwrites an image in memory, for one that holds secrets and is on disk by now. */
export function wipeImage(image: IsoImage): void {
  for (const chunk of image.chunks) {
    chunk.fill(0)
  }
}

/** The SHA-256 of an image, in hexadecimal. */
export function sha256(image: IsoImage): string {
  const hash = createHash('sha256')
  for (const chunk of image.chunks) {
    hash.update(chunk)
  }

  return hash.digest('hex')
}

const wholeNumber = /^\d{1,10}$/u

/** A directory record has one byte for the years since 1900 (ECMA-119, 9.1.5). */
const firstSecondOf2156 = Date.UTC(2156) / 1000

/**
 * The date of everything on a config disk: the same for the same input, so either SOURCE_DATE_EPOCH
 * (reproducible-builds.org/specs/source-date-epoch) or 1970-01-01.
 *
 * @throws UsageError when SOURCE_DATE_EPOCH is not a whole number of seconds, or a date that ISO 9660 cannot hold
 */
export function sourceDate(environment: NodeJS.ProcessEnv): Date {
  const {SOURCE_DATE_EPOCH: seconds = '0'} = environment
  if (!wholeNumber.test(seconds) || Number(seconds) >= firstSecondOf2156) {
    throw new UsageError('SOURCE_DATE_EPOCH must be a whole number of seconds from 1970 to 2155')
  }

  return new Date(Number(seconds) * 1000)
}
