import {execFileSync} from 'node:child_process'
import {mkdir, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {expect, test} from 'vitest'
import {
  type AnswerRequest,
  type AskedKey,
  firstAnswers,
  type Question,
  wrongWith,
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

/** What is asked for a file in a directory with `base.qcow2`, each answered with its default. */
async function questions(given: Partial<AnswerRequest['given']>): Promise<readonly Question[]> {
  const directory = await temporaryDirectory()
  execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', path.join(directory, 'base.qcow2'), '1M'])
  const asked: Question[] = []
  await firstAnswers({
    ...alone,
    file: path.join(directory, 'instances.json'),
    given: {...nothing, ...given},
    hostChecks: true,
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

test('everything that is wrong with the flags is told at once, each by its flag', async () => {
  const given = {name: '', image: undefined, arch: 'vax', 'timeout-seconds': '0'}
  const error = await firstAnswers({...alone, given}).catch((thrown: unknown) => thrown)
  expect(String(error).split('\n')).toEqual([
    'UsageError: --image is missing: it must be the path of a disk image',
    expect.stringMatching(/^--name must be a string/u),
    expect.stringMatching(/^--arch: arch "vax" is not known/u),
    expect.stringMatching(/^--timeout must be a whole number/u),
  ])
})

test('wrong flags are told before anything is asked', async () => {
  await expect(questions({'timeout-seconds': '0'})).rejects.toMatchObject({
    name: 'UsageError',
    message: '--timeout must be a whole number from 1 to 2147483648, not 0',
  })
})

test('all is asked, with defaults: the image is the first one beside the file, the architecture the host’s', async () => {
  const asked = await questions({})
  expect(asked.map(question => [question.key, question.default])).toEqual([
    ['name', 'vm-1'],
    ['image', expect.stringMatching(/\/base\.qcow2$/u)],
    ['arch', ownRegistry.hostArchitecture],
    ['timeout-seconds', '3600'],
  ])
})

test('an architecture is one of those that there are', async () => {
  const [question] = (await questions({})).filter(({key}) => key === 'arch')
  expect(new Set(question?.choices)).toEqual(new Set(['x86_64', 'aarch64']))
  expect(question?.choices?.[0]).toBe(ownRegistry.hostArchitecture)
})

test('a question knows what is wrong with an answer', async () => {
  const asked = await questions({})
  for (const question of asked) {
    expect(await question.wrongWith('')).toBeDefined()
    expect(await question.wrongWith(question.default ?? '')).toBeUndefined()
  }
})

test('what is given is not asked', async () => {
  expect((await questions({name: 'vm-2', arch: 'x86_64'})).map(({key}) => key)).toEqual([
    'image',
    'timeout-seconds',
  ])
})

const context = {registry: ownRegistry, hostChecks: true}

test.each<[AskedKey, string]>([
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

/** What is offered beside a file in a directory with these files, as it is seen from there. */
async function offered(...names: readonly string[]): Promise<string | undefined> {
  const directory = await temporaryDirectory()
  await Promise.all(names.map(name => writeFile(path.join(directory, name), '')))
  return await offeredIn(directory)
}

async function offeredIn(directory: string): Promise<string | undefined> {
  let image: string | undefined
  const ask = async ({key, default: suggested}: Question): Promise<string> => {
    image = key === 'image' ? suggested : image
    return ''
  }
  await firstAnswers({...alone, file: path.join(directory, 'instances.json'), ask})
  // It is relative to the working directory.
  expect(image === undefined || !path.isAbsolute(image)).toBe(true)
  return image && path.relative(directory, image)
}

test('the first image by name is offered, where there is one', async () => {
  expect(await offered('b.qcow2', 'a.txt', 'c.qcow2', 'a.qcow2.bak')).toBe('b.qcow2')
  expect(await offered('a.iso')).toBeUndefined()
})

test.each(['\u001b[2J.qcow2', 'a\nb.qcow2', ' a.qcow2', '\u202Ea.qcow2'])(
  'a name that could act on a terminal, or could not be typed, is not offered: %j',
  async name => {
    expect(await offered(name)).toBeUndefined()
    expect(await offered(name, 'z.qcow2')).toBe('z.qcow2')
  },
)

test('a link to an image is offered, and a directory is not', async () => {
  const directory = await temporaryDirectory()
  await mkdir(path.join(directory, 'a.qcow2'))
  await symlink('elsewhere/image', path.join(directory, 'b.qcow2'))
  expect(await offeredIn(directory)).toBe('b.qcow2')
})
