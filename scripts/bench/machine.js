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

/**
 * What results are stored under, beside each other: the major version of this Node, and whether it has further
 * certificates to read, which Node 20 does at each start, whatever it is started for.
 */
export function nodeSetting() {
  const [major = ''] = process.versions.node.split('.')
  return process.env['NODE_EXTRA_CA_CERTS'] ? `${major} with NODE_EXTRA_CA_CERTS` : major
}
