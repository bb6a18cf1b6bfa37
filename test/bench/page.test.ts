import {expect, test} from 'vitest'
import {withResults} from '../../scripts/bench/page.js'
import {ratioRow} from '../../scripts/bench/row.js'
import {sampleMachine} from './sample-machine.js'

const [begin, end] = ['<!-- npm run bench -- --store: begin -->', '<!-- npm run bench -- --store: end -->']

const row = ratioRow({
  name: 'to QEMU',
  unit: 'ms',
  values: [120, 130, 140],
  beside: 'node -e 0',
  besides: [40, 50, 50],
})

const result = {
  date: '2026-01-01',
  vmrun: '0.1.0',
  machine: sampleMachine,
  rows: [row],
}

test('the results stand between the two comments, and what was there is gone', () => {
  const page = withResults(`# Performance\n\n${begin}\nold\n${end}\n\nMore.\n`, {20: result})
  expect(page).toBe(`# Performance

${begin}

### Node 20

vmrun 0.1.0 on 2026-01-01: 2 × A processor, 4 GiB, Linux 6.1.0, Node 20.19.0, QEMU 7.2.22 (TCG).

| measured | median | beside | median | ratio | middle half | bar | met |
| --- | --- | --- | --- | --- | --- | --- | --- |
| to QEMU | 130 ms | node -e 0 | 50 ms | 2.80 × | 2.70 to 2.90 | at most 2.5 × | **no** |

${end}

More.
`)
})

test('the results of several versions of Node stand one below the other', () => {
  const page = withResults(`${begin}${end}`, {20: result, 24: result})
  expect(page.match(/\| to QEMU \|/gu)).toHaveLength(2)
})

test('a page without the comments is left alone', () => {
  expect(() => withResults('# Performance', {})).toThrow('has no')
})
