import {expect, test, vi} from 'vitest'
import {bytesOf, fileOfSize, LABEL, labelledImage, MODIFIED} from './written-image.js'

test('the content is passed on without being copied', () => {
  const files = [fileOfSize('a', 3), fileOfSize('b', 5000)]
  const chunks = [...labelledImage(files).chunks]
  for (const {content} of files) {
    expect(chunks.filter(chunk => chunk === content)).toHaveLength(1)
  }
})

test('every empty file has a place of its own inside the image', () => {
  expect(labelledImage([]).size).toBe((25 + 150) * 2048)
  expect(labelledImage([fileOfSize('a', 0), fileOfSize('b', 0)]).size).toBe((27 + 150) * 2048)
})

test('an image has the same bytes for the same input, and other ones for another date, label, name or content', () => {
  const file = fileOfSize('instance.json', 100)
  const images = [
    labelledImage([file]),
    labelledImage([file]),
    labelledImage([file], LABEL, new Date(MODIFIED.getTime() + 1000)),
    labelledImage([file], 'cidata'),
    labelledImage([{...file, name: 'instance.jsoN'}]),
    labelledImage([fileOfSize('instance.json', 101)]),
  ].map(image => bytesOf(image).toString('latin1'))
  expect(new Set(images).size).toBe(images.length - 1)
})

test('an image has the same bytes in every time zone', () => {
  const images = ['UTC', 'America/St_Johns', 'Pacific/Kiritimati'].map(zone => {
    vi.stubEnv('TZ', zone)
    return {offset: MODIFIED.getTimezoneOffset(), bytes: bytesOf(labelledImage([])).toString('latin1')}
  })
  expect(images.map(image => image.offset)).toEqual([0, 210, -840])
  expect(new Set(images.map(image => image.bytes)).size).toBe(1)
})

test('more files than the root directory holds are refused', () => {
  const files = (count: number) => Array.from({length: count}, (_, index) => fileOfSize(`file-${index}`, 1))
  expect(() => labelledImage(files(12))).not.toThrow()
  expect(() => labelledImage(files(20))).toThrow(
    /^files: their names take \d{4} bytes of directory records, and there is room for 2048$/u,
  )
})

test.each(['', 'x'.repeat(33), 'Ü', ' x', 'x ', 'a\nb', 'a\n'])('the label %j is refused', label => {
  expect(() => labelledImage([], label)).toThrow(
    'label: expected 1 to 32 characters of printable ASCII, without a space at either end',
  )
})

const small = bytesOf(labelledImage([fileOfSize('a', 1)]))
const [primary, joliet, terminator] = [16, 17, 18].map(sector =>
  small.subarray(sector * 2048, (sector + 1) * 2048),
)
const bytesAt = (bytes: Buffer | undefined, start: number, end: number) =>
  bytes?.toString('latin1', start, end)

/** Big-endian UCS-2 as a text of bytes. */
const ucs2 = (text: string) => Buffer.from(text, 'utf16le').swap16().toString('latin1')

// What readers do not look at: they take the first one of two, and each its own byte order.
test.each([
  ['the type of each', 0, 7, ['\x01CD001\x01', '\x02CD001\x01']],
  ['the label, of which Joliet has room for half', 40, 72, [LABEL.padEnd(32), ucs2(LABEL.slice(0, 16))]],
  ['that Joliet is UCS-2 of level 3', 88, 120, ['\0'.repeat(32), '%/E'.padEnd(32, '\0')]],
  [
    'vmrun as preparer and application',
    446,
    702,
    ['VMRUN'.padEnd(128).repeat(2), ucs2('VMRUN'.padEnd(64).repeat(2))],
  ],
  [
    'the dates of making and changing in UTC, and no others',
    813,
    881,
    Array.from({length: 2}, () => '2026030405060789\0'.repeat(2) + '0000000000000000\0'.repeat(2)),
  ],
])('the volume descriptors hold %s', (_, start, end, expected) => {
  expect([primary, joliet].map(descriptor => bytesAt(descriptor, start, end))).toEqual(expected)
  expect(bytesAt(terminator, 0, 7)).toBe('\xffCD001\x01')
})

test.each([
  ['primary', primary, 0x17],
  ['Joliet', joliet, 0x18],
])('the numbers of the %s volume descriptor are there in both byte orders', (name, descriptor, root) => {
  const hexAt = (start: number, end: number) => descriptor?.toString('hex', start, end)
  const place = root.toString(16)
  expect(hexAt(80, 88)).toBe('b0000000000000b0')
  expect(hexAt(120, 132)).toBe('010000010100000100080800')
  expect(hexAt(132, 140)).toBe('0a0000000000000a')
  expect(hexAt(140, 156)).toBe(
    name === 'primary' ? '13000000000000000000001400000000' : '15000000000000000000001600000000',
  )
  expect(hexAt(156, 190)).toBe(
    `2200${place}000000000000${place}00080000000008007e030405060700020000010000010100`,
  )
})

test('the path tables name the root directory as its own parent, in either byte order', () => {
  const tables = [19, 20, 21, 22].map(sector => small.toString('hex', sector * 2048, sector * 2048 + 10))
  expect(tables).toEqual([
    ...['01001700000001000000', '01000000001700010000'],
    ...['01001800000001000000', '01000000001800010000'],
  ])
})

test('a file was modified, read and changed when the image was made', () => {
  const rockRidge = small.toString('hex', 23 * 2048, 24 * 2048)
  expect(rockRidge.match(/0e(?:7e030405060700){3}/gu)).toHaveLength(3)
})
