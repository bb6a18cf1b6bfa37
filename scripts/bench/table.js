// The results as a table in Markdown.
import {barOf} from './bars.js'

const header = ['measured', 'median', 'beside', 'median', 'ratio', 'middle half', 'bar', 'met']

/** @type {Readonly<Record<string, string>>} */
const metText = {true: 'yes', false: '**no**'}

/**
 * @param {readonly import('./row.js').Row[]} rows
 * @returns {string}
 */
export function table(rows) {
  const lines = [header, header.map(() => '---'), ...rows.map(cells)]
  return lines.map(line => `| ${line.join(' | ')} |`).join('\n')
}

/**
 * @param {import('./row.js').Row} row
 * @returns {string[]}
 */
function cells(row) {
  const {name, unit, median, low, high, beside = '', besideMedian, ratio} = row
  const bar = barOf(row)
  return [
    name,
    quantity(median, unit),
    beside,
    besideMedian === undefined ? '' : quantity(besideMedian, unit),
    ratio ? `${ratio.median.toFixed(2)} ×` : '',
    ratio ? `${ratio.low.toFixed(2)} to ${ratio.high.toFixed(2)}` : `${short(low)} to ${short(high)}`,
    bar?.text ?? '',
    metText[String(bar?.isMet)] ?? '',
  ]
}

/**
 * @param {number} value
 * @param {string} unit
 */
function quantity(value, unit) {
  return unit.startsWith('%') ? `${short(value)}${unit}` : `${short(value)} ${unit}`
}

/** @param {number} value */
function short(value) {
  return value < 10 ? value.toFixed(2) : value.toFixed(0)
}

/**
 * @param {import('./machine.js').Machine} machine
 * @returns {string}
 */
export function machineText({processor, cores, memory, kernel, node, qemu}) {
  return `${cores} × ${processor}, ${memory}, Linux ${kernel}, Node ${node}, QEMU ${qemu} (TCG)`
}
