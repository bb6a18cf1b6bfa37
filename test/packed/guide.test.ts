import {expect, inject, test} from 'vitest'
import {guestImage} from '../guest-image.js'
import {temporaryDirectory} from '../temporary-directory.js'
import {compile, pluginProject} from './example.js'
import {blocksOf, readPage} from './page.js'
import {commandsOf, expectSuccess, Shell} from './shell.js'

const blocks = blocksOf(await readPage('plugins.md'))

test('whoever does what the guide says, command by command, has a plugin, and in the end has none', async () => {
  const shell = await Shell.ofAuthor()
  Object.assign(shell.host.environment, {VMRUN: inject('packed').tarball, GUEST: await guestImage('nano')})
  let typed = 0
  for (const {language, file, text} of blocks) {
    if (file !== undefined) {
      await shell.write(file, text)
    } else if (language === 'sh') {
      for (const command of commandsOf(text)) {
        await shell.type(command)
        typed += 1
      }
    }
  }

  expect(typed).toBeGreaterThan(0)
  expect((await shell.type('vmrun plugins')).stdout).toBe('No plugins installed.\n')
  await shell.host.expectNothingLeft()
})

test('what the guide shows in TypeScript compiles as it stands', async () => {
  const sources = blocks.flatMap(({language, file, text}) =>
    language === 'ts' && file === undefined ? [text] : [],
  )
  expect(sources).not.toEqual([])
  for (const source of sources) {
    expectSuccess(source, await compile(await pluginProject(source, await temporaryDirectory())))
  }
})
