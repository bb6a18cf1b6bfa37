import stringWidth from 'string-width'
import {expect, test} from 'vitest'
import {instanceTable} from '../../src/render/instance-table.js'
import type {ListedInstance} from '../../src/validation/open-instance.js'
import {sampleInstance} from '../run/sample-run.js'

const {config: _, ...sample} = sampleInstance
const listed: ListedInstance = {
  ...sample,
  imageState: {state: 'qcow2', virtualSize: 80 * 1024 ** 3, fileSize: 1024},
}

test('the table has a header and a row for each instance', () => {
  const instances: readonly ListedInstance[] = [
    listed,
    {
      ...listed,
      name: 'a-longer-name',
      arch: 'aarch64',
      image: '/images/gone.qcow2',
      imageState: {state: 'missing'},
      'timeout-seconds': 14_400,
      'cpu-cores': 16,
      ram: '64G',
    },
    {...listed, image: '/images/x.iso', imageState: {state: 'unusable', reason: 'the image is not qcow2'}},
  ]
  expect(instanceTable(instances)).toBe(
    [
      'NAME           ARCH     IMAGE                 TIMEOUT  CORES  RAM',
      'vm-1           x86_64   base.qcow2 (80 GiB)   10m      1      1G',
      'a-longer-name  aarch64  gone.qcow2 (missing)  4h       16     64G',
      'vm-1           x86_64   x.iso (unusable)      10m      1      1G',
    ].join('\n'),
  )
})

test.each([
  ['wide characters', '虚拟机'],
  ['emoji', '🙂🙂'],
  ['combining marks', 'e\u0301e\u0301'],
  ['accents', 'zwölf'],
])('columns stay aligned behind names with %s', (_what, name) => {
  const [header, ...rows] = instanceTable([listed, {...listed, name}]).split('\n')
  const column = stringWidth(String(header).split('ARCH')[0] ?? '')
  for (const row of rows) {
    expect(stringWidth(row.split('x86_64')[0] ?? '')).toBe(column)
  }
})

test('without instances there is the header alone', () => {
  expect(instanceTable([])).toBe('NAME  ARCH  IMAGE  TIMEOUT  CORES  RAM')
})

test('a table may have more rows than a function can have arguments', () => {
  const rows = Array.from({length: 130_000}, () => listed)
  expect(instanceTable(rows).split('\n')).toHaveLength(130_001)
})
