import type {Architecture} from '../contract/architecture.js'
import {askProgram, findFile, findProgram} from '../qemu/programs/find-program.js'
import {type Finding, lookAt} from './finding.js'

/** Looks for the QEMU of an architecture. It can be used where the finding is good: then its `path` is there. */
export async function examineQemu({name, program, packages}: Architecture): Promise<Finding> {
  return await lookAt({check: 'qemu', subject: name}, async () => {
    const path = await findProgram(program, packages)
    const {stdout, failure} = await askProgram([path, '--version'])
    const {version, major, minor} = (failure === undefined && pattern.exec(stdout)?.groups) || {}
    if (version === undefined) {
      const message = `${path} does not work: ${failure ?? 'it does not tell its version'}`
      return {state: 'missing', message, hint: 'Install QEMU again.', path}
    }

    const newer = Number(major) - oldest.major || Number(minor) - oldest.minor
    const message = `${path}, version ${version}`
    const hint = `Install QEMU ${oldest.major}.${oldest.minor} or newer.`
    return newer < 0
      ? {state: 'missing', message: `${message}, is too old`, hint, path, version}
      : {state: 'good', message, path, version}
  })
}

/** Looks for the firmware of an architecture; undefined where QEMU brings it along. */
export async function examineFirmware({name, firmware}: Architecture): Promise<Finding | undefined> {
  return (
    firmware &&
    (await lookAt({check: 'firmware', subject: name}, async () => {
      const path = await findFile(`the firmware for ${name}`, firmware.paths, firmware.packages)
      return {state: 'good', message: path, path}
    }))
  )
}

/** `QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7)`. */
const pattern = /\bversion (?<version>(?<major>\d+)\.(?<minor>\d+)\S*)/u

/** The oldest QEMU that understands what it is told: `-device` takes JSON since then. */
const oldest = {major: 6, minor: 2} as const
