import type {Architecture} from '../architectures/architecture.js'
import {findQemuImg} from '../qemu/image/qemu-img.js'
import {findFile, findProgram} from '../qemu/programs/find-program.js'
import {failedCheck} from './failed-check.js'
import type {CheckName, Finding} from './finding.js'
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

  const where = {check: 'firmware', subject: name} as const
  try {
    const file = await findFile(`the firmware for ${name}`, firmware.paths, firmware.packages)
    return {...where, state: 'good', text: file}
  } catch (error) {
    return failedCheck(error, where)
  }
}

async function examineProgram(
  where: {readonly check: CheckName; readonly subject: string},
  find: () => Promise<string>,
): Promise<FoundProgram> {
  try {
    const program = await find()
    const finding = {...where, ...(await examineVersion(program))}
    return finding.state === 'good' ? {finding, program} : {finding}
  } catch (error) {
    return {finding: failedCheck(error, where)}
  }
}
