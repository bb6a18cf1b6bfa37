import type {Architecture} from '../contract/architecture.js'
import {findFile, findProgram} from '../qemu/programs/find-program.js'
import {failedCheck} from './failed-check.js'
import type {Finding} from './finding.js'
import {examineVersion} from './version.js'

/** A program, if it can be used, and what was found. */
export interface FoundProgram {
  readonly finding: Finding
  readonly program?: string
}

/** Looks for the QEMU of an architecture. */
export async function examineQemu({name, program, packages}: Architecture): Promise<FoundProgram> {
  const look = {check: 'qemu', subject: name} as const
  try {
    const path = await findProgram(program, packages)
    const finding = {...look, ...(await examineVersion(path))}
    return finding.state === 'good' ? {finding, program: path} : {finding}
  } catch (error) {
    return {finding: failedCheck(error, look)}
  }
}

/** Looks for the firmware of an architecture; undefined where QEMU brings it along. */
export async function examineFirmware({name, firmware}: Architecture): Promise<Finding | undefined> {
  if (firmware === undefined) {
    return
  }

  const look = {check: 'firmware', subject: name} as const
  try {
    const path = await findFile(`the firmware for ${name}`, firmware.paths, firmware.packages)
    return {...look, state: 'good', message: path, path}
  } catch (error) {
    return failedCheck(error, look)
  }
}
