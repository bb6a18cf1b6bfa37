// How long each disk takes.
import {execFileSync} from 'node:child_process'
import {loads} from './loads.js'

/** How long each load took on each disk in each round, in milliseconds; the disks take turns. */
export async function inTurn(guest, {names, rounds, directory}) {
  await guest.tell('busybox dd if=/dev/urandom of=/data bs=1M count=8; busybox mkdir /m')
  const disks = names.map(() => [])
  for (const index of disks.keys()) {
    const found = `cd /sys/block; file=$(grep -l ^v${index}$ vd*/serial); cd /m; busybox mkdir ${index}`
    await guest.tell(`${found}; mount -t ext4 /dev/\${file%/*} ${index}`)
  }
  const times = Object.fromEntries(Object.keys(loads).map(load => [load, disks.map(() => [])]))
  // The first round is not counted: it finds nothing in any cache.
  for (let round = 0; round <= rounds; round += 1) {
    for (const [load, command] of Object.entries(loads)) {
      for (const place of disks.keys()) {
        // Each disk is in turn the first one.
        const index = (place + round) % disks.length
        // What an earlier one left to be written is none of its business.
        execFileSync('sync', ['-f', directory])
        const start = performance.now()
        const said = await guest.tell(`set /m/${index} ${round}; ${command}`)
        const time = performance.now() - start
        if (!said.includes('records out')) {
          throw new Error(said)
        }
        if (round > 0) {
          times[load][index].push(time)
        }
      }
    }
  }
  return times
}
