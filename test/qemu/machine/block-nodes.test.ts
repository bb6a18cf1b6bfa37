import {expect, test} from 'vitest'
import {filesOf} from '../../../src/qemu/machine/block-nodes.js'

test('the files are those that a driver reads itself, whatever the driver, and not the formats on them', () => {
  const nodes = [
    {drv: 'qcow2', file: 'json:{"driver": "qcow2"}'},
    {drv: 'file', file: '/images/overlay.qcow2'},
    {drv: 'raw', file: '/images/config.iso'},
    {drv: 'host_device', file: '/dev/sda'},
    {drv: 'nbd', file: 'nbd://example.org'},
  ]
  expect(filesOf(nodes)).toEqual(['/images/overlay.qcow2', '/dev/sda', 'nbd://example.org'])
})

test.each([undefined, null, {}, 'x', [null, 7]])('there are none in %j', nodes => {
  expect(filesOf(nodes)).toEqual([])
})
