// When QEMU is executed, and when it is gone.
import {execFile} from 'node:child_process'
import {constants, openSync} from 'node:fs'
import {chmod, mkdir, writeFile} from 'node:fs/promises'
import {Socket} from 'node:net'
import path from 'node:path'
import {promisify} from 'node:util'

const run = promisify(execFile)

/**
 * Puts a program named like QEMU into a directory for the PATH, which tells of itself through a FIFO and becomes QEMU.
 * Its own time, about two milliseconds, is part of all that is measured through it. The FIFO stays open in QEMU, on a
 * descriptor that vmrun does not use, until the kernel closes it at QEMU's end: nobody polls, and QEMU keeps its
 * parent and its process id.
 *
 * @param {string} directory others must be able to enter it: vmrun has QEMU run as another user
 * @param {string} qemu the real one
 * @returns {Promise<string>} the FIFO
 */
export async function wrapQemu(directory, qemu) {
  const fifo = path.join(directory, 'fifo')
  await mkdir(directory)
  await run('mkfifo', [fifo])
  await chmod(fifo, 0o666)
  // Opened for reading and writing, as that never blocks.
  const script = `#!/bin/bash\nexec {fifo}<>'${fifo}'\necho $$ >&"$fifo"\nexec '${qemu}' "$@"\n`
  await writeFile(path.join(directory, path.basename(qemu)), script, {mode: 0o755})
  return fifo
}

/**
 * Watches the next QEMU that is started through the wrapper.
 *
 * @param {string} fifo
 * @returns {{executed: Promise<number>, gone: Promise<number>}} the times
 */
export function watchQemu(fifo) {
  // Linux reports no end of a FIFO that nobody has written to since it was opened: pipe(7), poll(2).
  const fd = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK)
  const socket = new Socket({fd, readable: true, writable: false})
  return {
    executed: new Promise(resolve => {
      socket.once('data', () => resolve(performance.now()))
    }),
    gone: new Promise(resolve => {
      socket.once('end', () => resolve(performance.now()))
    }),
  }
}
