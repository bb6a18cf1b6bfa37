// What vmrun promises of its speed.
import {titleOf} from './row.js'

/**
 * @typedef {object} Bar
 * @property {'ratio' | 'median'} of
 * @property {number} atMost in the row's unit where it is of the median
 * @property {string} text
 */

/** @type {Readonly<Record<string, Bar>>} */
const bars = {
  '--version, beside node -e 0': times(2),
  'validate, one file, beside node -e 0': times(2),
  'to QEMU, beside node -e 0': times(2.5),
  'after the guest, beside node -e 0': {of: 'median', atMost: 50, text: 'at most 50 ms'},
  'to ready, x86_64, beside the plain script': sooner(1.15),
  'to ready, aarch64, beside the plain script': sooner(2.5),
  'memory of the supervisor': {of: 'median', atMost: 60, text: 'at most 60 MB'},
  'an idle supervisor': {of: 'median', atMost: 0.5, text: 'at most 0.5% of a core'},
  '50 at once, beside 50 × one': times(1),
}

/**
 * @param {import('./row.js').Row} row
 * @returns {{text: string, isMet: boolean} | undefined} undefined where nothing is promised
 */
export function barOf(row) {
  const bar = bars[titleOf(row)]
  const value = bar?.of === 'ratio' ? row.ratio?.median : row.median
  return bar && value !== undefined ? {text: bar.text, isMet: value <= bar.atMost} : undefined
}

/**
 * @param {number} factor
 * @returns {Bar}
 */
function times(factor) {
  return {of: 'ratio', atMost: factor, text: `at most ${factor} ×`}
}

/**
 * @param {number} factor
 * @returns {Bar}
 */
function sooner(factor) {
  return {of: 'ratio', atMost: 1 / factor, text: `at most ${(1 / factor).toFixed(2)} ×: ${factor} × sooner`}
}
