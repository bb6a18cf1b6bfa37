// All that is measured, and what vmrun promises of it.
import {readdir, readFile} from 'node:fs/promises'
import {setTimeout as sleep} from 'node:timers/promises'
import {fileURLToPath} from 'node:url'
import {Place} from './place.js'

/**
 * @typedef {object} Measurement
 * @property {string} title
 * @property {'ms' | 'MB' | '% of a core'} unit
 * @property {string} [beside] what it is measured in turn with, if with anything
 * @property {{ratio: number} | {median: number}} bar what is promised at most
 * @property {Prepare} prepare
 */

/**
 * @callback Prepare
 * @param {Place} place
 * @returns {Promise<{value: () => Promise<number>, beside?: () => Promise<number>}>} what each measures once, in the unit
 */

const example = fileURLToPath(new URL('../../instances.example.json', import.meta.url))
const validate = ['validate', '--no-host-checks', example]
const node = /** @type {const} */ ({unit: 'ms', beside: 'node -e 0'})
const script = /** @type {const} */ ({unit: 'ms', beside: 'the plain script'})

/** @type {Readonly<Record<string, Measurement>>} by their names on the command line, in the order of the table */
export const measurements = {
  version: {title: '--version', ...node, bar: {ratio: 2}, prepare: command('--version')},
  validate: {title: 'validate, one file', ...node, bar: {ratio: 2}, prepare: command(...validate)},
  'to-qemu': {title: 'to QEMU', ...node, bar: {ratio: 2.5}, prepare: watched('at', 'executed')},
  'after-guest': {title: 'after the guest', ...node, bar: {median: 50}, prepare: watched('gone', 'ended')},
  memory: {
    title: 'memory of the supervisor',
    unit: 'MB',
    bar: {median: 60},
    prepare: whileGuest('wait', memoryOf),
  },
  idle: {
    title: 'an idle supervisor',
    unit: '% of a core',
    bar: {median: 0.5},
    prepare: whileGuest('wait', coreShare),
  },
  flood: {
    title: 'a console that floods',
    unit: '% of a core',
    bar: {median: 10},
    prepare: whileGuest('chatter', coreShare),
  },
  'to-ready-x86_64': {title: 'to ready, x86_64', ...script, bar: {ratio: 1.1}, prepare: toReady('x86_64')},
  'to-ready-aarch64': {title: 'to ready, aarch64', ...script, bar: {ratio: 0.4}, prepare: toReady('aarch64')},
  fifty: {title: '50 at once', unit: 'ms', beside: '50 × one', bar: {ratio: 1}, prepare: fifty},
}

/**
 * Measures in turn, A B A B …, so that whatever else the host does meets both alike. A first round does not count: it
 * fills the caches of the host and of vmrun.
 *
 * @param {Measurement} measurement
 * @param {number} rounds that count
 * @returns {Promise<{values: number[], besides: number[]}>} one each a round; no `besides` where it stands alone
 */
export async function measure({prepare}, rounds) {
  return await Place.with(async place => {
    const {value, beside} = await prepare(place)
    /** @type {{values: number[], besides: number[]}} */
    const measured = {values: [], besides: []}
    for (let round = 0; round <= rounds; round += 1) {
      const [one, other] = [await value(), await beside?.()]
      if (round > 0) {
        measured.values.push(one)
        measured.besides.push(...(other === undefined ? [] : [other]))
      }
    }

    return measured
  })
}

/** A command that only reads, from start to end. @param {string[]} words @returns {Prepare} */
function command(...words) {
  return async place => ({
    value: () => durationOf(place.vmrun(words)),
    beside: () => durationOf(place.bareNode()),
  })
}

/** @param {import('./place.js').Started} started @returns {Promise<number>} milliseconds */
async function durationOf({at, ended}) {
  return (await ended) - at
}

/**
 * A part of a run: from its start, QEMU's start, QEMU's end or its own end, with nothing left of it, to another of these.
 *
 * @typedef {'at' | 'executed' | 'gone' | 'ended'} Moment
 * @param {Moment} from
 * @param {Moment} to
 * @returns {Prepare}
 */
function watched(from, to) {
  return async place => {
    const {vmrun} = await nano(place, 'power-off')
    const run = await place.watchedVmrun()
    const value = async () => {
      const times = await run(vmrun)
      await place.expectNothingLeft()
      return times[to] - times[from]
    }
    return {value, beside: () => durationOf(place.bareNode())}
  }
}

/**
 * From typing `vmrun run` to the first line that a Linux guest prints itself.
 *
 * @param {'x86_64' | 'aarch64'} arch
 * @returns {Prepare}
 */
function toReady(arch) {
  const untilReady = async (/** @type {import('./place.js').Started} */ {at, printed, end}) => {
    const ready = await printed(`guest: ${arch} ready`)
    await end()
    return ready - at
  }
  return async place => {
    const {vmrun, plain} = await place.guest({name: `linux-${arch}`, arch, ram: '256M', action: 'wait'})
    return {value: () => untilReady(place.vmrun(vmrun)), beside: () => untilReady(place.plainRun(plain))}
  }
}

/** @type {Prepare} fifty vmruns started in one moment until the last has ended, beside fifty times one alone */
async function fifty(place) {
  const {vmrun} = await nano(place, 'power-off')
  const together = async (/** @type {number} */ count) => {
    const start = performance.now()
    await Promise.all(Array.from({length: count}, () => place.vmrun(vmrun).ended))
    const end = performance.now()
    await place.expectNothingLeft()
    return end - start
  }
  return {value: () => together(50), beside: async () => 50 * (await together(1))}
}

/**
 * What can be seen of a vmrun while its guest does something.
 *
 * @param {string} action of the guest
 * @param {(pid: number) => Promise<number>} look
 * @returns {Prepare}
 */
function whileGuest(action, look) {
  return async place => {
    const {vmrun} = await nano(place, action)
    const value = async () => {
      const {pid, printed, end} = place.vmrun(vmrun)
      await printed(`nano: action ${action}`)
      // For so long the start has effects, and much output is read at once.
      await sleep(5000)
      const seen = await look(pid)
      await end()
      return seen
    }
    return {value}
  }
}

/**
 * The megabytes that a process would give back if it ended: its own pages, and its share of those that it has together
 * with others. proc_pid_smaps(5).
 *
 * @param {number} pid
 */
async function memoryOf(pid) {
  const lines = (await readFile(`/proc/${pid}/smaps_rollup`, 'utf8')).split('\n')
  const line = lines.find(one => one.startsWith('Pss:')) ?? ''
  return (Number.parseInt(line.slice('Pss:'.length), 10) * 1024) / 1e6
}

/** What it takes of a processor, in percent. @param {number} pid */
async function coreShare(pid) {
  const [before, from] = [await processorTimeOf(pid), performance.now()]
  await sleep(5000)
  return (((await processorTimeOf(pid)) - before) / (performance.now() - from)) * 100
}

/**
 * The milliseconds for which the threads of a process had a processor, by the scheduler's own count: utime and stime
 * count in steps of ten, and see nothing of a thread that wakes up for less. proc_pid_task(5).
 *
 * @param {number} pid
 */
async function processorTimeOf(pid) {
  const threads = await readdir(`/proc/${pid}/task`)
  const times = threads.map(async thread => {
    const text = await readFile(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').catch(() => '0')
    return Number(text.split(' ')[0])
  })
  return (await Promise.all(times)).reduce((sum, one) => sum + one, 0) / 1e6
}

/** @param {Place} place @param {string} action */
async function nano(place, action) {
  return await place.guest({name: 'nano', arch: 'x86_64', ram: '32M', action})
}
