import {askProgram} from '../qemu/programs/ask-program.js'

/** QEMU and qemu-img tell their version alike: `QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7)`. */
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
  program: string,
): Promise<{readonly state: 'good' | 'missing'; readonly text: string; readonly advice?: string}> {
  const {stdout, failure} = await askProgram([program, '--version'])
  const found = failure === undefined ? parseVersion(stdout) : undefined
  if (found === undefined) {
    const why = failure ?? 'it does not tell its version'
    return {state: 'missing', text: `${program} does not work: ${why}`, advice: 'Install QEMU again.'}
  }

  const text = `${program}, version ${found.version}`
  if (!found.tooOld) {
    return {state: 'good', text}
  }

  return {
    state: 'missing',
    text: `${text}, is too old`,
    advice: `Install QEMU ${oldest.major}.${oldest.minor} or newer.`,
  }
}
