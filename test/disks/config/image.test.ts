import {execFileSync} from 'node:child_process'
import {expect, test} from 'vitest'
import type {ConfigVolume} from '../../../src/contract/config-disk.js'
import type {JsonObject} from '../../../src/contract/json-value.js'
import {configDiskImage, sha256, sourceDate} from '../../../src/disks/config/image.js'
import {HostError} from '../../../src/errors/errors.js'
import {sha256Of} from '../../sha256.js'
import {bytesOf, written} from '../iso9660/written-image.js'

/** What another program reads from the image, by its Rock Ridge names. */
async function instanceJson(name: string, config: JsonObject): Promise<string> {
  const image = await written(configDiskImage({}, {name, config}, new Date(0)))
  return execFileSync('isoinfo', ['-i', image, '-R', '-x', '/instance.json'], {encoding: 'utf8'})
}

test.each<[string, string, JsonObject, string]>([
  ['an empty config', 'vm-1', {}, '{"name":"vm-1","config":{}}\n'],
  ['any text', 'zwölf 十二 🙂', {a: 'é\u2028'}, '{"name":"zwölf 十二 🙂","config":{"a":"é\u2028"}}\n'],
  [
    'keys that mean something elsewhere',
    'vm-1',
    JSON.parse('{"__proto__": {"x": 1}, "toJSON": "y", "constructor": 2}'),
    '{"name":"vm-1","config":{"__proto__":{"x":1},"toJSON":"y","constructor":2}}\n',
  ],
  ['half a surrogate pair', 'vm-1', {a: '\ud800'}, '{"name":"vm-1","config":{"a":"\\ud800"}}\n'],
])('instance.json holds exactly the name and the config: %s', async (_, name, config, text) => {
  expect(await instanceJson(name, config)).toBe(text)
})

test('the volume has the label by which a guest finds it, and this one file', async () => {
  const image = await written(configDiskImage({}, {name: 'vm-1', config: {}}, new Date(0)))
  const read = (...options: string[]) =>
    execFileSync('isoinfo', ['-i', image, ...options], {encoding: 'utf8'})
  expect(read('-d')).toContain('Volume id: instance-configuration\n')
  expect(read('-R', '-f').trim()).toBe('/instance.json')
  expect(read('-J', '-f').trim()).toBe('/instance.json')
})

const secret = 'hunter2'

test.each<[string, ConfigVolume, string]>([
  ['a label that is too long', {label: `${secret} ${'x'.repeat(32)}`, files: []}, 'label: expected 1 to 32'],
  [
    'a path for a name',
    {label: 'x', files: [{name: `${secret}/x`, content: ''}]},
    'files[0].name: holds a character',
  ],
])('a volume with %s is the host’s error, and shows no part of it', (_, volume, problem) => {
  const build = () => configDiskImage({content: () => volume}, {name: 'vm-1', config: {}}, new Date(0))
  expect(build).toThrow(HostError)
  expect(build).toThrow(`the config disk cannot be written as ISO 9660: ${problem}`)
  expect(build).not.toThrow(secret)
})

const image = (milliseconds: number) =>
  configDiskImage({}, {name: 'vm-1', config: {a: 1}}, new Date(milliseconds))

test('the checksum is that of the bytes', () => {
  expect(sha256(image(0))).toBe(sha256Of(bytesOf(image(0))))
})

test.each([
  [undefined, '1970-01-01T00:00:00.000Z'],
  ['0', '1970-01-01T00:00:00.000Z'],
  ['1700000000', '2023-11-14T22:13:20.000Z'],
  ['5869583999', '2155-12-31T23:59:59.000Z'],
])('the date of everything is SOURCE_DATE_EPOCH: %s', (seconds, date) => {
  expect(sourceDate({SOURCE_DATE_EPOCH: seconds}).toISOString()).toBe(date)
})

test.each(['', ' ', '-1', '1.5', '1e9', '0x10', 'now', ' 1', '1\n', '5869584000', '99999999999'])(
  '%j is no SOURCE_DATE_EPOCH',
  seconds => {
    expect(() => sourceDate({SOURCE_DATE_EPOCH: seconds})).toThrow(
      expect.objectContaining({
        name: 'UsageError',
        message: 'SOURCE_DATE_EPOCH must be a whole number of seconds from 1970 to 2155',
      }),
    )
  },
)
