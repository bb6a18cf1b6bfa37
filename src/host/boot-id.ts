import {execFile} from 'node:child_process'
import {readFile} from 'node:fs/promises'
import {promisify} from 'node:util'
import {bareEnvironment} from './environment.js'

/** Names this boot of the host. @throws where the host does not name its boots */
export async function bootId(): Promise<string> {
  if (process.platform === 'darwin') {
    const asked = promisify(execFile)('sysctl', ['-n', 'kern.bootsessionuuid'], {env: bareEnvironment()})
    return (await asked).stdout.trim()
  }

  return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim()
}
