import {describe, expect, test} from 'vitest'
import {PATH_TABLE_SIZE, pathTableL, pathTableM} from '../../../src/disks/iso9660/path-table.js'

describe('path tables', () => {
  test('name the root directory as its own parent, numbers least significant byte first in Type L', () => {
    expect(pathTableL(0x01_02_03_04).toString('hex')).toBe('01000403020101000000')
  })

  test('name it with numbers most significant byte first in Type M', () => {
    expect(pathTableM(0x01_02_03_04).toString('hex')).toBe('01000102030400010000')
  })

  test('are as long as the volume descriptors say', () => {
    expect([pathTableL(1).length, pathTableM(1).length]).toEqual([PATH_TABLE_SIZE, PATH_TABLE_SIZE])
  })
})
