import {askProgram} from '../qemu/programs/ask-program.js'
import type {Remark} from './finding.js'

/** `QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7)`. */
const pattern = /\bversion (?<version>(?<major>\d+)\.(?<minor>\d+)\S*)/u

/** The oldest QEMU that understands what it is told: `-device` takes JSON since then. */
const oldest = {major: 6, minor: 2} as const

/** What a program says of itself. */
export interface ProgramVersion {
  /** As `7.2.22`. */
  readonly version: string
  readonly tooOld: boolean
}

/** The version that `--version` has printed; undefined where it has printed something else. */
export function parseVersion(text: string): ProgramVersion | undefined {
  const {version, major, minor} = pattern.exec(text)?.groups ?? {}
  if (version === undefined) {
    return
  }

  const newer = Number(major) - oldest.major || Number(minor) - oldest.minor
  return {version, tooOld: newer < 0}
}

/** What is to be said of one of QEMU's programs that was found. */
export async function examineVersion(
  path: string,
): Promise<Remark & {readonly path: string; readonly version?: string}> {
  const {stdout, failure} = await askProgram([path, '--version'])
  const found = failure === undefined ? parseVersion(stdout) : undefined
  if (found === undefined) {
    const why = failure ?? 'it does not tell its version'
    return {state: 'missing', message: `${path} does not work: ${why}`, hint: 'Install QEMU again.', path}
  }

  const {version, tooOld} = found
  const message = `${path}, version ${version}`
  return tooOld
    ? {
        state: 'missing',
        message: `${message}, is too old`,
        hint: `Install QEMU ${oldest.major}.${oldest.minor} or newer.`,
        ...{path, version},
      }
    : {state: 'good', message, path, version}
}
