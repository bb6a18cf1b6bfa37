import {readFile} from 'node:fs/promises'

/** Names this boot of the host. @throws where the host does not name its boots */
export async function bootId(): Promise<string> {
  if (process.platform === 'darwin') {
    const {execa} = await import('execa')
    return (await execa('sysctl', ['-n', 'kern.bootsessionuuid'])).stdout
  }

  return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim()
}
