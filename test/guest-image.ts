import {execFile} from 'node:child_process'
import {promisify} from 'node:util'

type Guest = 'nano' | 'nano-riscv64' | 'linux-x86_64' | 'linux-aarch64' | 'linux-s390x' | 'cloud-x86_64'

const execute = promisify(execFile)
const program = new URL('guests/build', import.meta.url).pathname
const built = new Map<Guest, Promise<string>>()

/**
 * The path of a guest's disk image (of `nano-riscv64` it is the firmware's). What nobody asked for before is built; whoever
 * asks for the same at the same time waits for it.
 *
 * @throws with what the build printed
 */
export async function guestImage(name: Guest): Promise<string> {
  const image = built.get(name) ?? execute(program, [name]).then(({stdout}) => stdout.trim())
  built.set(name, image)
  return await image
}
