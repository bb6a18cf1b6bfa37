import {describe, expect, onTestFinished, test, vi} from 'vitest'
import {isoImage} from '../../../src/disks/iso9660/image.js'
import {bytesOf, fileOfSize, LABEL, labelledImage, MODIFIED} from './written-image.js'

const MEBIBYTE = 2 ** 20

describe('isoImage', () => {
  test.each([0, 1, 2047, 2048, 2049, 20 * MEBIBYTE])(
    'keeps every byte of a file of %i bytes, and says how long the image is',
    size => {
      const file = fileOfSize('instance.json', size)
      const image = labelledImage([file])
      const bytes = bytesOf(image)
      expect(bytes.length).toBe(image.size)
      expect(bytes.length % 2048).toBe(0)
      expect(bytes.readUInt32LE(16 * 2048 + 80) * 2048).toBe(image.size)
      expect(bytes.subarray(25 * 2048, 25 * 2048 + size).equals(file.content)).toBe(true)
      expect(bytes.subarray(25 * 2048 + size).every(byte => byte === 0)).toBe(true)
    },
  )

  test('passes the content on without copying it', () => {
    const files = [fileOfSize('a', 3), fileOfSize('b', 5000)]
    const chunks = [...labelledImage(files).chunks()]
    for (const {content} of files) {
      expect(chunks.filter(chunk => chunk === content)).toHaveLength(1)
    }
  })

  test('gives every empty file a place of its own inside the image', () => {
    expect(labelledImage([]).size).toBe((25 + 150) * 2048)
    expect(labelledImage([fileOfSize('a', 0), fileOfSize('b', 0)]).size).toBe((27 + 150) * 2048)
  })

  test('can be written out more than once', () => {
    const image = labelledImage([fileOfSize('instance.json', 100)])
    expect(bytesOf(image).equals(bytesOf(image))).toBe(true)
  })

  test('has the same bytes for the same input', () => {
    const build = (): Buffer => bytesOf(labelledImage([fileOfSize('a', 3), fileOfSize('b', 5000)]))
    expect(build().equals(build())).toBe(true)
  })

  test('has other bytes for another date, label, name or content', () => {
    const file = fileOfSize('instance.json', 100)
    const images = [
      {volumeId: LABEL, files: [file], modified: MODIFIED},
      {volumeId: LABEL, files: [file], modified: new Date(MODIFIED.getTime() + 1000)},
      {volumeId: 'cidata', files: [file], modified: MODIFIED},
      {volumeId: LABEL, files: [{...file, name: 'instance.jsoN'}], modified: MODIFIED},
      {volumeId: LABEL, files: [fileOfSize('instance.json', 101)], modified: MODIFIED},
    ].map(options => bytesOf(isoImage(options)).toString('latin1'))
    expect(new Set(images).size).toBe(images.length)
  })

  test('has the same bytes in every time zone', () => {
    onTestFinished(() => {
      vi.unstubAllEnvs()
    })
    const images = ['UTC', 'America/St_Johns', 'Pacific/Kiritimati'].map(zone => {
      vi.stubEnv('TZ', zone)
      return {offset: MODIFIED.getTimezoneOffset(), bytes: bytesOf(labelledImage([])).toString('latin1')}
    })
    expect(images.map(image => image.offset)).toEqual([0, 210, -840])
    expect(new Set(images.map(image => image.bytes)).size).toBe(1)
  })

  test('refuses a file of 4 GiB, and takes one of a byte less', () => {
    const memory = new ArrayBuffer(2 ** 32)
    const file = (size: number): {name: string; content: Uint8Array} => ({
      name: 'instance.json',
      content: new Uint8Array(memory, 0, size),
    })
    expect(() => labelledImage([file(2 ** 32)])).toThrow(
      'files[0].content: has 4294967296 bytes, and in ISO 9660 must have less than 4 GiB',
    )
    expect(labelledImage([file(2 ** 32 - 1)]).size).toBe((25 + 150) * 2048 + 2 ** 32)
  })

  test('refuses more files than the root directory holds', () => {
    const files = (count: number): readonly {name: string; content: Uint8Array}[] =>
      Array.from({length: count}, (_, index) => fileOfSize(`file-${index}`, 1))
    expect(() => labelledImage(files(12))).not.toThrow()
    expect(() => labelledImage(files(20))).toThrow(
      /^files: their names take \d{4} bytes of directory records, and there is room for 2048$/u,
    )
  })

  test.each(['', 'x'.repeat(33), 'Ü', ' x', 'x ', 'a\nb', 'a\n'])('refuses the volume id %j', volumeId => {
    expect(() => isoImage({volumeId, files: [], modified: MODIFIED})).toThrow(
      'label: expected 1 to 32 characters of printable ASCII, without a space at either end',
    )
  })

  test.each(['1899-12-31T23:59:59Z', '2156-01-01T00:00:00Z', 'no date'])('refuses the date %s', date => {
    expect(() => isoImage({volumeId: LABEL, files: [], modified: new Date(date)})).toThrow(
      'An ISO 9660 image can be dated from 1900 to 2155',
    )
  })
})
