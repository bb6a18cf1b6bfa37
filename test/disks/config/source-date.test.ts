import {execFileSync} from 'node:child_process'
import {describe, expect, test} from 'vitest'
import {configDiskImage} from '../../../src/disks/config/image.js'
import {sourceDate} from '../../../src/disks/config/source-date.js'
import {written} from '../iso9660/written-image.js'

describe('the date of everything', () => {
  test.each([
    [undefined, '1970-01-01T00:00:00.000Z'],
    ['0', '1970-01-01T00:00:00.000Z'],
    ['1700000000', '2023-11-14T22:13:20.000Z'],
    ['5869583999', '2155-12-31T23:59:59.000Z'],
  ])('is SOURCE_DATE_EPOCH: %s', (seconds, date) => {
    expect(sourceDate({SOURCE_DATE_EPOCH: seconds}).toISOString()).toBe(date)
  })

  test.each(['', ' ', '-1', '1.5', '1e9', '0x10', 'now', ' 1', '1\n', '5869584000', '99999999999'])(
    'is not %j',
    seconds => {
      expect(() => sourceDate({SOURCE_DATE_EPOCH: seconds})).toThrow(
        expect.objectContaining({
          name: 'UsageError',
          message: 'SOURCE_DATE_EPOCH must be a whole number of seconds from 1970 to 2155',
        }),
      )
    },
  )

  test('stands in the image as it is', async () => {
    const modified = sourceDate({SOURCE_DATE_EPOCH: '5869583999'})
    const image = await written(configDiskImage({}, {name: 'vm-1', config: {}}, modified))
    const listing = execFileSync('isoinfo', ['-i', image, '-R', '-l'], {
      encoding: 'utf8',
      env: {...process.env, TZ: 'UTC'},
    })
    expect(listing).toMatch(/Dec 31 2155 .*instance\.json/u)
  })
})
