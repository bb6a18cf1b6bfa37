import {describe, expect, test} from 'vitest'
import {fileSystemUse, parentSystemUse, rootSystemUse} from '../../../src/disks/iso9660/rock-ridge.js'
import {MODIFIED} from './written-image.js'

/** Each System Use entry's content by its signature (SUSP, 4.1), in order. */
function entries(systemUse: Buffer): ReadonlyMap<string, Buffer> {
  const found = new Map<string, Buffer>()
  for (let at = 0; at < systemUse.length; at += systemUse.readUInt8(at + 2)) {
    const content = systemUse.subarray(at + 4, at + systemUse.readUInt8(at + 2))
    found.set(systemUse.toString('latin1', at, at + 2), content)
  }
  return found
}

describe('Rock Ridge', () => {
  test('is announced by the root directory, SP first and ER last', () => {
    const found = entries(rootSystemUse(MODIFIED))
    expect([...found.keys()]).toEqual(['SP', 'PX', 'TF', 'ER'])
    expect(found.get('ER')?.toString('latin1', 4, 14)).toBe('RRIP_1991A')
  })

  test('gives every record attributes and times, and files a name', () => {
    expect([...entries(parentSystemUse(MODIFIED)).keys()]).toEqual(['PX', 'TF'])
    const file = entries(fileSystemUse('Ünïcode', MODIFIED))
    expect([...file.keys()]).toEqual(['PX', 'TF', 'NM'])
    expect(file.get('NM')?.toString('utf8')).toBe('\0Ünïcode')
  })

  test('says that a file was modified, read and changed when the image was made', () => {
    const times = entries(fileSystemUse('a', MODIFIED)).get('TF')
    expect(times?.toString('hex')).toBe(`0e${'7e030405060700'.repeat(3)}`)
  })
})
