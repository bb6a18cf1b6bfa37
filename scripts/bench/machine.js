// The machine that measures.
import {execFile} from 'node:child_process'
import {cpus, release, totalmem} from 'node:os'
import {promisify} from 'node:util'

/**
 * @typedef {object} Machine
 * @property {string} processor
 * @property {number} cores
 * @property {string} memory
 * @property {string} kernel
 * @property {string} node
 * @property {string} qemu
 */

const version = /version (\S+)/u

/** @returns {Promise<Machine>} */
export async function thisMachine() {
  const {stdout} = await promisify(execFile)('qemu-system-x86_64', ['--version'])
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown processor',
    cores: cpus().length,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    kernel: release(),
    node: process.versions.node,
    qemu: version.exec(stdout)?.[1] ?? 'unknown',
  }
}

/** The major version of this Node: results of several are stored beside each other. */
export function nodeMajor() {
  return process.versions.node.split('.')[0] ?? ''
}
