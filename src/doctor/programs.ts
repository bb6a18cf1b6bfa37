import type {Architecture} from '../contract.js'
import {findQemuImg} from '../qemu/image/qemu-img.js'
import {findFile, findProgram} from '../qemu/programs/find-program.js'
import {failedCheck} from './failed-check.js'
import type {Finding, Look} from './finding.js'
import {examineVersion} from './version.js'

/** A program, if it can be used, and what was found. */
export interface FoundProgram {
  readonly finding: Finding
  readonly program?: string
}

/** Looks for the QEMU of an architecture. */
export async function examineQemu({name, program, packages}: Architecture): Promise<FoundProgram> {
  return await examineProgram({check: 'qemu', subject: name}, () => findProgram(program, packages))
}

/** Looks for qemu-img. */
export async function examineQemuImg(): Promise<FoundProgram> {
  return await examineProgram({check: 'qemu-img', subject: 'qemu-img'}, findQemuImg)
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

async function examineProgram(
  look: Look<'qemu' | 'qemu-img'>,
  find: () => Promise<string>,
): Promise<FoundProgram> {
  try {
    const program = await find()
    const finding = {...look, ...(await examineVersion(program))}
    return finding.state === 'good' ? {finding, program} : {finding}
  } catch (error) {
    return {finding: failedCheck(error, look)}
  }
}
