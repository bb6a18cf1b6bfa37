// The guest that the disks are measured in.
import {execFileSync, spawn} from 'node:child_process'
import path from 'node:path'
import {createInterface} from 'node:readline'
import {fileURLToPath} from 'node:url'
import {makeOverlay} from './disks.js'

/**
 * A guest whose shell can be told what to do.
 *
 * @param own vmrun's modules
 * @param disks the arguments for its further disks
 */
export async function startGuest(own, {directory, accelerator, disks}) {
  const configDisk = path.join(directory, 'config-disk.iso')
  const script = 'busybox stty -echo; echo listening; set -f; while read -r line; do eval $line; done'
  await own.writeImage(
    own.configDiskImage({}, {name: 'bench', config: {action: 'script', script}}, new Date(0)),
    configDisk,
  )
  const build = fileURLToPath(new URL('../../test/guests/build', import.meta.url))
  const base = {filename: execFileSync(build, ['linux-x86_64'], {encoding: 'utf8'}).trim(), format: 'qcow2'}
  const root = path.join(directory, 'root')
  makeOverlay(root, base)
  const cpu = accelerator === 'tcg' ? own.x86_64.emulatedCpu : 'host'
  const qemu = spawn(
    own.x86_64.program,
    [
      ...own.baseArguments(),
      ...own.hardwareArguments({machine: own.x86_64.machine, accelerator, cpu, cores: 1, ram: '512M'}),
      ...['-serial', 'stdio', '-object', 'iothread,id=io'],
      ...own.rootDiskArguments({overlay: root, base, device: own.x86_64.devices.disk}),
      ...own.cdrom.configure({kind: 'cdrom'}, own.x86_64, {}).arguments(configDisk),
      ...disks,
    ],
    {stdio: ['pipe', 'pipe', 'inherit']},
  )
  const until = waitForLine(qemu.stdout)
  await until('listening')
  let count = 0
  return {
    /** Has the guest do something, and gives what it printed. */
    tell: async command => {
      count += 1
      qemu.stdin.write(`(set +f; ${command}); echo done $((${count}))\n`)
      return await until(`done ${count}`)
    },
    end: () => qemu.kill(),
  }
}

/** @returns waits for a line, and gives all up to it */
function waitForLine(stream) {
  const lines = createInterface({input: stream})[Symbol.asyncIterator]()
  return async line => {
    let all = ''
    while (true) {
      const {value, done} = await lines.next()
      if (done) {
        throw new Error(`the guest ended: ${all}`)
      }
      all += `${value}\n`
      if (value === line) {
        return all
      }
    }
  }
}
