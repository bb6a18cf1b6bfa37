import {execFileSync} from 'node:child_process'
import path from 'node:path'
import {expect, test} from 'vitest'
import {type AnswerRequest, firstAnswers, type Question} from '../../../src/commands/init/first-answers.js'
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

test('where nobody can be asked, an image has to be given', async () => {
  await expect(firstAnswers(alone)).rejects.toMatchObject({
    name: 'UsageError',
    message: '--image is missing: it must be the path of a disk image',
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
  const wrong = await Promise.all(asked.map(question => question.wrongWith('')))
  expect(wrong).not.toContain(undefined)
  expect(await Promise.all(asked.map(question => question.wrongWith(question.default ?? '')))).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ])
})

test('what is given is not asked', async () => {
  expect((await questions({name: 'vm-2', arch: 'x86_64'})).map(({key}) => key)).toEqual([
    'image',
    'timeout-seconds',
  ])
})
