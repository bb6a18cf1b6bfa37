import {execFileSync} from 'node:child_process'
import {writeFile} from 'node:fs/promises'
import path from 'node:path'
import {expect, test} from 'vitest'
import {type AskedKey, firstInstance, wrongWith} from '../../../src/commands/init/first-instance.js'
import {ownRegistry} from '../../plugins/sample-plugins.js'
import {releases} from '../../releases.js'
import {temporaryDirectory} from '../../temporary-directory.js'

const context = {registry: ownRegistry, hostChecks: true}

test.each<[AskedKey, string]>([
  ['name', 'vm-1'],
  ['name', 'a name with spaces'],
  ['arch', 'aarch64'],
  ['timeout-seconds', '1'],
  ['timeout-seconds', '2147483648'],
])('%s may be %j', async (key, answer) => {
  expect(await wrongWith(key, answer, context)).toBeUndefined()
})

test.each<[AskedKey, string, string]>([
  ['name', '', 'it must be a string of 1 to 255 characters, all of them printable, not the string ""'],
  [
    'name',
    'a\u001b[2J',
    String.raw`it must be a string of 1 to 255 characters, all of them printable, not the string "a\u001b[2J"`,
  ],
  ['image', '', 'it must be the path of a disk image, not the string ""'],
  ['arch', 'x86_46', 'arch "x86_46" is not known; there are: x86_64, aarch64 (did you mean x86_64?)'],
  ['arch', 'a b', 'it must be the name of an architecture, such as "x86_64", not the string "a b"'],
  ['timeout-seconds', '0', 'it must be a whole number from 1 to 2147483648, not 0'],
  ['timeout-seconds', '1.5', 'it must be a whole number from 1 to 2147483648, not 1.5'],
  [
    'timeout-seconds',
    '1h',
    'it must be a whole number from 1 to 2147483648, not the string "1h" (write 3600: it is in seconds)',
  ],
  ['timeout-seconds', '', 'it must be a whole number from 1 to 2147483648, not the string ""'],
  ['timeout-seconds', '0x10', 'it must be a whole number from 1 to 2147483648, not the string "0x10"'],
  ['timeout-seconds', '2147483649', 'it must be a whole number from 1 to 2147483648, not 2147483649'],
])('%s may not be %j, and it is told why', async (key, answer, words) => {
  expect(await wrongWith(key, answer, context)).toBe(words)
})

test.each<[AskedKey, string, string]>([
  ['timeout-seconds', '0', '--flag must be a whole number from 1 to 2147483648, not 0'],
  ['arch', 'vax', '--flag: arch "vax" is not known; there are: x86_64, aarch64'],
])('the flag that gave a wrong %s is named', async (key, answer, words) => {
  expect(await wrongWith(key, answer, context, '--flag')).toContain(words)
})

test('an image that is not there is told with where it was looked for, and what can be done', async () => {
  const words = await wrongWith('image', 'no/such.qcow2', context)
  expect(words).toContain(
    `the image ${path.resolve('no/such.qcow2')} does not exist (its path is relative to the`,
  )
  expect(words).toContain('--no-host-checks')
  expect(await wrongWith('image', 'no/such.qcow2', {...context, hostChecks: false})).toBeUndefined()
})

test('an image that is not qcow2, or reads other files, is refused with what to do', async () => {
  const directory = await temporaryDirectory()
  const [raw, layered] = [path.join(directory, 'raw.qcow2'), path.join(directory, 'layered.qcow2')]
  await writeFile(raw, 'no image')
  execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', '-F', 'raw', '-b', raw, layered])
  expect(await wrongWith('image', raw, context)).toMatch(/raw\.qcow2 is not qcow2 \(Convert it/u)
  expect(await wrongWith('image', layered, context)).toContain('reads another file of the host')
})

const answers = {name: 'vm-1', image: 'images/a.qcow2', arch: 'x86_64', 'timeout-seconds': '60'}

test('the image of a file in the working directory stays as it was named', async () => {
  expect((await firstInstance(answers, 'instances.json')).image).toBe('images/a.qcow2')
  const image = './b/../a.qcow2'
  expect((await firstInstance({...answers, image}, 'instances.json')).image).toBe(image)
})

test('the image of a file behind a link is named from where that really is', async () => {
  const {root} = await releases()
  const image = path.relative(process.cwd(), `${root}/releases/images/a.qcow2`)
  const first = await firstInstance({...answers, image}, `${root}/current/instances.json`)
  expect(first.image).toBe('../images/a.qcow2')
})

test.each([
  ['sub/instances.json', '../images/a.qcow2'],
  ['images/instances.json', 'a.qcow2'],
])('the image of %s is named relative to that', async (file, image) => {
  expect((await firstInstance(answers, file)).image).toBe(image)
})

test('an absolute image stays absolute', async () => {
  const image = path.resolve('images/a.qcow2')
  expect((await firstInstance({...answers, image}, 'instances.json')).image).toBe(image)
})
