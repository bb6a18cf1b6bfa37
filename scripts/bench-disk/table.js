// What was measured, as a table in Markdown.
import {quantile} from '../bench/statistics.js'
import {vmruns} from './rows.js'

/** Each time as a ratio to that of the same round without the measure: what else the host does meets both alike. */
export function table(rows, times) {
  const names = Object.keys(rows)
  const heads = ['with', 'without', ...Object.keys(times)]
  const lines = names.map((name, index) => {
    const {to = vmruns} = rows[name]
    const cells = Object.values(times).map(all => {
      const ratios = all[index].map((time, round) => time / all[names.indexOf(to)][round])
      const [low, middle, high] = [0.25, 0.5, 0.75].map(share => quantile(ratios, share).toFixed(2))
      return `${middle} (${low} to ${high})`
    })
    return [name, to, ...cells]
  })
  return [heads, heads.map(() => '---'), ...lines].map(cells => `| ${cells.join(' | ')} |\n`).join('')
}
