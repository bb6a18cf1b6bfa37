import {describe, expect, test} from 'vitest'
import {
  jolietVolumeDescriptor,
  primaryVolumeDescriptor,
  volumeDescriptorSetTerminator,
} from '../../../src/disks/iso9660/volume-descriptors.js'
import {LABEL, MODIFIED} from './written-image.js'

const volume = {
  id: LABEL,
  sectors: 0x01_02_03_04,
  modified: MODIFIED,
  pathTableL: 19,
  pathTableM: 20,
  root: 23,
}
const primary = primaryVolumeDescriptor(volume)
const joliet = jolietVolumeDescriptor(volume)

function ucs2At(offset: number, length: number): string {
  return Buffer.from(joliet.subarray(offset, offset + length))
    .swap16()
    .toString('utf16le')
}

describe('volume descriptors', () => {
  test('are a sector each, and say their type', () => {
    const descriptors = [primary, joliet, volumeDescriptorSetTerminator()]
    expect(descriptors.map(descriptor => descriptor.length)).toEqual([2048, 2048, 2048])
    expect(descriptors.map(descriptor => descriptor.toString('latin1', 0, 7))).toEqual([
      '\x01CD001\x01',
      '\x02CD001\x01',
      '\xffCD001\x01',
    ])
  })

  test('hold the label whole in the primary one, and its first 16 characters in Joliet, where readers look on', () => {
    expect(primary.toString('latin1', 40, 72)).toBe(LABEL.padEnd(32))
    expect(ucs2At(40, 32)).toBe(LABEL.slice(0, 16))
  })

  test('fill a short label up with spaces', () => {
    const descriptor = jolietVolumeDescriptor({...volume, id: 'cidata'})
    expect(Buffer.from(descriptor.subarray(40, 72)).swap16().toString('utf16le')).toBe('cidata'.padEnd(16))
  })

  test.each([
    ['primary', primary],
    ['Joliet', joliet],
  ])('have every number in both byte orders (%s)', (_name, descriptor) => {
    expect(descriptor.toString('hex', 80, 88)).toBe('0403020101020304')
    expect(descriptor.toString('hex', 120, 132)).toBe('010000010100000100080800')
    expect(descriptor.toString('hex', 132, 140)).toBe('0a0000000000000a')
    expect(descriptor.toString('hex', 140, 156)).toBe('13000000000000000000001400000000')
    expect(descriptor.toString('hex', 156, 190)).toBe(
      '2200170000000000001700080000000008007e030405060700020000010000010100',
    )
  })

  test('name UCS-2 level 3 in Joliet only', () => {
    expect(joliet.toString('latin1', 88, 120)).toBe('%/E'.padEnd(32, '\0'))
    expect(primary.toString('latin1', 88, 120)).toBe('\0'.repeat(32))
  })

  test('name vmrun as preparer and application', () => {
    expect(primary.toString('latin1', 446, 702)).toBe('VMRUN'.padEnd(128).repeat(2))
    expect(ucs2At(446, 256)).toBe('VMRUN'.padEnd(64).repeat(2))
  })

  test('have made and modified dates in UTC, and no others', () => {
    const dates = '2026030405060789\0'.repeat(2) + '0000000000000000\0'.repeat(2)
    expect(primary.toString('latin1', 813, 881)).toBe(dates)
    expect(joliet.toString('latin1', 813, 881)).toBe(dates)
  })
})
