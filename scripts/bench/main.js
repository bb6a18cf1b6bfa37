// How quick vmrun is beside what is run in turn with it: npm run bench, npm run bench:check
import {execFile} from 'node:child_process'
import {readFile, writeFile} from 'node:fs/promises'
import {cpus, release, totalmem} from 'node:os'
import {parseArgs, promisify} from 'node:util'
import {measure, measurements} from './measurements.js'
import {figureOf, isWorse, table, withResults} from './results.js'

const usage = `npm run bench [-- OPTION…]          measures vmrun beside what is run in turn with it
npm run bench:check [-- OPTION…]    fails where a ratio is half as large again as the stored one

  --only NAME[,NAME…]   measures these only: ${Object.keys(measurements).join(', ')}
  --rounds N            how many rounds count, from 1 on; 11 if not given
  --store               stores the results, and writes the table in docs/performance.md
  --results FILE        what the check compares with, instead of scripts/bench/results.json
`

/** What CI compares: it takes little time. */
const checked = 'validate,to-qemu,after-guest'
/** How many times the rounds are taken: what looks worse is measured again, and longer, before it is said to be. */
const efforts = [1, 2, 4]

const ownResults = new URL('results.json', import.meta.url)
const page = new URL('../../docs/performance.md', import.meta.url)
const manifest = new URL('../../package.json', import.meta.url)
const [major = ''] = process.versions.node.split('.')
const [roundsPattern, qemuPattern] = [/^[1-9]\d{0,3}$/u, /version (?<qemu>\S+)/u]

/** @typedef {import('./measurements.js').Measurement & {name: string}} Named */
/** @typedef {{median: number, best: number}} Ratio */

// The user that QEMU runs as reads what is written here.
process.umask(0o022)
for (const [signal, exitCode] of Object.entries({SIGINT: 130, SIGTERM: 143})) {
  process.on(signal, () => process.exit(exitCode))
}

const {selected, rounds, ...options} = readArguments()
await (options.isCheck ? check(options.results ?? ownResults) : bench())

function readArguments() {
  try {
    const {values} = parseArgs({
      options: {
        check: {type: 'boolean', default: false},
        store: {type: 'boolean', default: false},
        results: {type: 'string'},
        only: {type: 'string'},
        rounds: {type: 'string', default: '11'},
      },
    })
    const {check: isCheck, store: isStored, results} = values
    if (isCheck ? isStored : results !== undefined) {
      throw new TypeError('--check takes no --store, and --results is for --check')
    }

    if (!roundsPattern.test(values.rounds)) {
      throw new TypeError(`--rounds takes a number from 1 to 9999, not "${values.rounds}"`)
    }

    const names = values.only ?? (isCheck ? checked : Object.keys(measurements).join(','))
    return {isCheck, isStored, results, rounds: Number(values.rounds), selected: names.split(',').map(named)}
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${usage}`)
    process.exit(2)
  }
}

/**
 * @param {string} name
 * @returns {Named}
 */
function named(name) {
  const measurement = Object.hasOwn(measurements, name) ? measurements[name] : undefined
  if (!measurement) {
    throw new TypeError(`no measurement is called "${name}"`)
  }

  return {name, ...measurement}
}

async function bench() {
  /** @type {Record<string, import('./results.js').Figure>} */
  const figures = {}
  for (const measurement of selected) {
    process.stderr.write(`Measuring ${measurement.name}, ${rounds} rounds\n`)
    figures[measurement.name] = figureOf(await measure(measurement, rounds))
  }

  const machine = await thisMachine()
  process.stdout.write(`${machine}\n\n${table(figures)}\n`)
  if (options.isStored) {
    await store(machine, figures)
  }
}

/**
 * Figures that were not measured again stay, if the machine is the same: a table is that of one machine.
 *
 * @param {string} machine
 * @param {Readonly<Record<string, import('./results.js').Figure>>} fresh
 */
async function store(machine, fresh) {
  const {version} = JSON.parse(await readFile(manifest, 'utf8'))
  const stored = await readResults(ownResults)
  const figures = {...(stored[major]?.machine === machine && stored[major].figures), ...fresh}
  const result = {date: new Date().toISOString().slice(0, 10), vmrun: version, machine, figures}
  const text = JSON.stringify(
    {...stored, [major]: result},
    (_, value) => (typeof value === 'number' ? Number(value.toPrecision(4)) : value),
    2,
  )
  await writeFile(ownResults, `${text}\n`)
  await writeFile(page, withResults(await readFile(page, 'utf8'), JSON.parse(text)))
}

/** Compares ratios with stored ones. Times are not compared: they are another machine's. @param {string | URL} file */
async function check(file) {
  const figures = (await readResults(file))[major]?.figures
  for (const measurement of selected) {
    const ratio = figures?.[measurement.name]?.ratio
    if (!ratio) {
      process.stdout.write(`${measurement.name}: not compared, as no ratio is stored for Node ${major}\n`)
    } else if (await gotWorse(measurement, ratio)) {
      process.stderr.write(`${measurement.name} is half as slow again, each time that it was measured.\n`)
      process.exitCode = 1
    }
  }
}

/**
 * @param {Named} measurement
 * @param {Ratio} stored
 */
async function gotWorse(measurement, stored) {
  for (const effort of efforts) {
    const {ratio} = figureOf(await measure(measurement, rounds * effort))
    const isBad = !ratio || isWorse(ratio, stored)
    const now = `${ratioText(ratio)} in ${rounds * effort} rounds, stored ${ratioText(stored)}`
    process.stdout.write(`${measurement.name}: ${now}: ${isBad ? 'worse' : 'good'}\n`)
    if (!isBad) {
      return false
    }
  }

  return true
}

/** @param {Ratio} [ratio] */
function ratioText(ratio) {
  return ratio && `${ratio.median.toFixed(2)} × (best ${ratio.best.toFixed(2)} ×)`
}

/** @param {string | URL} file @returns {Promise<import('./results.js').Results>} */
async function readResults(file) {
  return JSON.parse(await readFile(file, 'utf8'))
}

async function thisMachine() {
  const {stdout} = await promisify(execFile)('qemu-system-x86_64', ['--version'])
  const {qemu} = qemuPattern.exec(stdout)?.groups ?? {}
  const processors = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`
  return `${processors}, Linux ${release()}, Node ${process.versions.node}, QEMU ${qemu} (TCG)`
}
