import {execFileSync} from 'node:child_process'
import {mkdir, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {expect, test} from 'vitest'
import {
  type AnswerRequest,
  type AskedKey,
  firstAnswers,
  type Question,
} from '../../../src/commands/init/answers.js'
import {ownRegistry} from '../../plugins/sample-plugins.js'
import {temporaryDirectory} from '../../temporary-directory.js'

const nothing = {name: undefined, image: undefined, arch: undefined, 'timeout-seconds': undefined}

const alone: AnswerRequest = {
  file: 'instances.json',
  given: nothing,
  registry: ownRegistry,
  hostChecks: false,
  ask: undefined,
}

/** What is asked for a file in a directory with these files, of whoever takes every default. */
async function questions(
  directory: string,
  given: Partial<AnswerRequest['given']> = {},
): Promise<readonly Question[]> {
  const asked: Question[] = []
  await firstAnswers({
    ...alone,
    file: path.join(directory, 'instances.json'),
    given: {...nothing, ...given},
    ask: async question => {
      asked.push(question)
      return question.default ?? ''
    },
  })
  return asked
}

test('where nobody can be asked, what is not given has its default', async () => {
  expect(await firstAnswers({...alone, given: {...nothing, image: 'a.qcow2'}})).toEqual({
    name: 'vm-1',
    image: 'a.qcow2',
    arch: ownRegistry.hostArchitecture,
    'timeout-seconds': '3600',
  })
})

test('what is given is not asked, and the rest has defaults', async () => {
  const asked = await questions(await temporaryDirectory(), {name: 'vm-2'})
  expect(asked.map(question => [question.key, question.default])).toEqual([
    ['image', undefined],
    ['arch', ownRegistry.hostArchitecture],
    ['timeout-seconds', '3600'],
  ])
})

test('everything that is wrong with the flags is told at once, each by its flag, before anything is asked', async () => {
  const given = {name: '', image: undefined, arch: 'vax', 'timeout-seconds': '0'}
  const wrong = [
    expect.stringMatching(/^(?:UsageError: )?--name: it must be a string/u),
    expect.stringMatching(/^--arch: arch "vax" is not known/u),
    expect.stringMatching(/^--timeout: it must be a whole number/u),
  ]
  const lines = async (request: AnswerRequest): Promise<readonly string[]> =>
    String(await firstAnswers(request).catch((thrown: unknown) => thrown)).split('\n')
  const [name, ...others] = wrong
  const image = '--image is missing: it must be the path of a disk image'
  expect(await lines({...alone, given})).toEqual([name, image, ...others])
  const ask = () => Promise.reject(new Error('asked'))
  expect(await lines({...alone, given, ask})).toEqual(wrong)
})

const wholeNumber = 'it must be a whole number from 1 to 2147483648, not'

test.each<[AskedKey, string, string | undefined]>([
  ['name', 'a name with spaces', undefined],
  ['arch', 'aarch64', undefined],
  ['timeout-seconds', '2147483648', undefined],
  [
    'name',
    'a\u001b[2J',
    String.raw`it must be a string of 1 to 255 characters, all of them printable, not the string "a\u001b[2J"`,
  ],
  ['image', '', 'it must be the path of a disk image, not the string ""'],
  ['arch', 'x86_46', 'arch "x86_46" is not known; there are: x86_64, aarch64 (did you mean x86_64?)'],
  ['arch', 'a b', 'it must be the name of an architecture, such as "x86_64", not the string "a b"'],
  ['timeout-seconds', '0', `${wholeNumber} 0`],
  ['timeout-seconds', '1.5', `${wholeNumber} 1.5`],
  ['timeout-seconds', '1h', `${wholeNumber} the string "1h" (write 3600: it is in seconds)`],
  ['timeout-seconds', '0x10', `${wholeNumber} the string "0x10"`],
])('of the %s %j is told: %s', async (key, answer, words) => {
  const question = (await questions('.')).find(one => one.key === key)
  expect(await question?.wrongWith(answer)).toBe(words)
})

test('an image has to be there, qcow2, and read no other files, unless nobody looks', async () => {
  const directory = await temporaryDirectory()
  const [raw, layered] = [path.join(directory, 'raw.qcow2'), path.join(directory, 'layered.qcow2')]
  await writeFile(raw, 'no image')
  execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', '-F', 'raw', '-b', raw, layered])
  for (const [image, words] of [
    [
      'no/such.qcow2',
      `the image ${path.resolve('no/such.qcow2')} does not exist (its path is relative to the`,
    ],
    [raw, 'raw.qcow2 is not qcow2 (Convert it'],
    [layered, 'reads another file of the host'],
  ] as const) {
    const request = {...alone, given: {...nothing, image}}
    await expect(firstAnswers({...request, hostChecks: true})).rejects.toThrow(words)
    expect(await firstAnswers(request)).toMatchObject({image})
  }
})

test.each<[string, readonly string[], string | undefined]>([
  ['the first image by name', ['b.qcow2', 'a.txt', 'c.qcow2', 'a.qcow2.bak'], 'b.qcow2'],
  ['nothing, where there is none', ['a.iso'], undefined],
  [
    'no name that acts on a terminal or cannot be typed',
    ['\u001b[2J.qcow2', 'a\nb.qcow2', ' a.qcow2', '\u202Ea.qcow2', 'z.qcow2'],
    'z.qcow2',
  ],
])('offered is %s, relative to the working directory', async (_, names, offered) => {
  const directory = await temporaryDirectory()
  await Promise.all(names.map(name => writeFile(path.join(directory, name), '')))
  const image = (await questions(directory)).find(({key}) => key === 'image')?.default
  expect(image).toBe(offered && path.relative('.', path.join(directory, offered)))
})

test('a link to an image is offered, and a directory is not', async () => {
  const directory = await temporaryDirectory()
  await mkdir(path.join(directory, 'a.qcow2'))
  await symlink('elsewhere/image', path.join(directory, 'b.qcow2'))
  const image = (await questions(directory)).find(({key}) => key === 'image')?.default
  expect(image).toMatch(/b\.qcow2$/u)
})
