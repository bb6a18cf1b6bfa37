import {readFile, stat} from 'node:fs/promises'
import {join} from 'node:path'
import {execa} from 'execa'
import {describe, expect, test} from 'vitest'
import {temporaryDirectory} from '../../temporary-directory.js'
import {fileOfSize, LABEL, labelledImage, written} from './written-image.js'

const MEBIBYTE = 2 ** 20
const sizes = [0, 1, 2047, 2048, 2049, 20 * MEBIBYTE]
const several = [
  fileOfSize('user-data', 2049),
  fileOfSize('instance.json', 5),
  fileOfSize('Instance.JSON', 4096),
  fileOfSize('meta-data', 0),
  fileOfSize('Ünïcode name.txt', 2048),
]

/** Runs xorriso so that a warning of its is an error of ours. */
async function xorriso(...args: readonly string[]): Promise<string> {
  const strict = ['-abort_on', 'WARNING', '-return_with', 'WARNING', '32', '-report_about', 'WARNING']
  const {stdout, stderr} = await execa('xorriso', ['-no_rc', ...strict, ...args])
  expect(stderr).not.toMatch(/WARNING|SORRY|MISHAP|FAILURE|FATAL|ABORT/u)
  return stdout
}

/** What isoinfo prints, a character a byte. */
async function isoinfo(path: string, ...args: readonly string[]): Promise<string> {
  const options = {encoding: 'latin1', stripFinalNewline: false} as const
  return (await execa('isoinfo', ['-i', path, ...args], options)).stdout
}

/** The lines of a listing of isoinfo, each as mode, links, size and name. */
function entries(listing: string): readonly string[] {
  const line = /^(?<mode>[-dr]\S+)\s+(?<links>\d+)\s+0\s+0\s+(?<size>\d+)\s.*\]\s+(?<name>.*?)\s*$/gmu
  return [...listing.matchAll(line)].map(({groups}) =>
    [groups?.['mode'], groups?.['links'], groups?.['size'], groups?.['name']].join(' '),
  )
}

describe('xorriso', () => {
  test.each(sizes)(
    'reads a file of %i bytes without a warning, and so does isoinfo by all three of its names',
    async size => {
      const file = fileOfSize('instance.json', size)
      const path = await written(labelledImage([file]))
      const extracted = join(await temporaryDirectory(), 'extracted')
      await xorriso('-osirrox', 'on', '-indev', path, '-extract', '/instance.json', extracted)
      expect((await readFile(extracted)).equals(file.content)).toBe(true)
      const {mode, mtime} = await stat(extracted)
      expect(mode.toString(8)).toBe('100400')
      expect(mtime).toEqual(new Date('2026-03-04T05:06:07Z'))
      for (const name of [['/INSTANCE.JSON;1'], ['/instance.json', '-R'], ['/instance.json', '-J']]) {
        const read = await isoinfo(path, ...name.slice(1), '-x', name[0] ?? '')
        expect(Buffer.from(read, 'latin1').equals(file.content)).toBe(true)
      }
    },
  )

  test('finds the label, every block of the image, no other, and files that only root may read', async () => {
    const image = labelledImage(several)
    const path = await written(image)
    const media = await xorriso('-indev', path, '-check_media', '--')
    expect(media).toMatch(new RegExp(`Media region :\\s+0 ,\\s+${image.size / 2048} , \\+ good`, 'u'))
    expect(await xorriso('-indev', path, '-pvd_info')).toContain(`Volume Id    : ${LABEL}`)
    const listing = await xorriso('-indev', path, '-find', '/', '-exec', 'lsdl')
    const lines = listing.split('\n').map(line => line.split(/\s+/u))
    expect(lines.map(([mode, , user, group]) => [mode, user, group])).toEqual([
      ['dr-x------', '0', '0'],
      ...several.map(() => ['-r--------', '0', '0']),
    ])
  })

  test('warns of an image that is cut off, so that its silence says something', async () => {
    const image = labelledImage([fileOfSize('instance.json', MEBIBYTE)])
    const path = await written({...image, chunks: [...image.chunks].slice(0, 8)})
    await expect(xorriso('-indev', path)).rejects.toThrow('larger than readable size')
  })
})

describe('isoinfo', () => {
  test('sees Joliet, Rock Ridge and what the volume says of itself', async () => {
    const description = await isoinfo(await written(labelledImage(several)), '-d')
    expect(description.split('\n')).toEqual(
      expect.arrayContaining([
        'CD-ROM is in ISO 9660 format',
        `Volume id: ${LABEL}`,
        'Data preparer id: VMRUN',
        'Application id: VMRUN',
        'Logical block size is: 2048',
        'Joliet with UCS level 3 found',
        'Rock Ridge signatures version 1 found',
      ]),
    )
  })

  test.each([
    [
      'the primary hierarchy sorted, with valid and different identifiers',
      ['-l'],
      [
        ...['d--------- 0 2048 .', 'd--------- 0 2048 ..'],
        '---------- 0 5 INSTANCE.JSON;1',
        '---------- 0 4096 INSTANCE_1.JSON;1',
        '---------- 0 0 META_DATA.;1',
        '---------- 0 2049 USER_DATA.;1',
        '---------- 0 2048 _N_CODE_NAME.TXT;1',
      ],
    ],
    [
      'the names as they are, with modes and links, by Rock Ridge',
      ['-R', '-l'],
      [
        ...['dr-x------ 2 2048 .', 'dr-x------ 2 2048 ..'],
        '-r-------- 1 5 instance.json',
        '-r-------- 1 4096 Instance.JSON',
        '-r-------- 1 0 meta-data',
        '-r-------- 1 2049 user-data',
        `-r-------- 1 2048 ${Buffer.from('Ünïcode name.txt').toString('latin1')}`,
      ],
    ],
    [
      'the names as they are, sorted by their own order, by Joliet',
      ['-J', '-j', 'iso8859-1', '-l'],
      [
        ...['d--------- 0 2048 .', 'd--------- 0 2048 ..'],
        '---------- 0 4096 Instance.JSON',
        '---------- 0 5 instance.json',
        '---------- 0 0 meta-data',
        '---------- 0 2049 user-data',
        '---------- 0 2048 Ünïcode name.txt',
      ],
    ],
  ])('lists %s', async (_, options, listed) => {
    expect(entries(await isoinfo(await written(labelledImage(several)), ...options))).toEqual(listed)
  })

  test.each(['x'.repeat(64), `${'é'.repeat(57)}.${'x'.repeat(6)}`, `${'é'.repeat(60)}x`])(
    'reads a file by the longest of names, %s',
    async name => {
      const file = fileOfSize(name, 3000)
      const path = await written(labelledImage([file, fileOfSize('z', 1)]))
      expect(Buffer.from(await isoinfo(path, '-R', '-x', `/${name}`), 'latin1').equals(file.content)).toBe(
        true,
      )
      expect(entries(await isoinfo(path, '-J', '-l'))).toHaveLength(4)
      expect(await xorriso('-indev', path, '-find', '/', '-name', name)).toBe(`'/${name}'`)
    },
  )
})

describe('blkid', () => {
  test.each([LABEL, 'cidata', 'x'.repeat(32), 'sixteen letters-', 'UPPER_and lower'])(
    'finds the whole of the label %j',
    async label => {
      const path = await written(labelledImage([fileOfSize('a', 1)], label))
      const probe = (tag: string): readonly string[] => ['-p', '-o', 'value', '-s', tag, path]
      expect((await execa('blkid', probe('LABEL'))).stdout).toBe(label)
      expect((await execa('blkid', probe('TYPE'))).stdout).toBe('iso9660')
      expect((await execa('blkid', probe('VERSION'))).stdout).toBe('Joliet Extension')
    },
  )
})
