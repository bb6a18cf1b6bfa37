import {mkdir, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {beforeEach, expect, test, vi} from 'vitest'
import {pluginArguments} from '../../src/start/plugins-command.js'
import {releases} from '../releases.js'
import {temporaryDirectory} from '../temporary-directory.js'

const scripts = 'npm_config_ignore_scripts'

beforeEach(() => {
  vi.stubEnv(scripts, undefined)
})

test('a plugin in a file or a directory of this host is a URL to npm, blanks and all', async () => {
  const directory = await temporaryDirectory()
  const tarball = join(directory, 'my plugin-1.0.0.tgz')
  await writeFile(tarball, '')
  await mkdir(join(directory, 'plugin'))
  expect(
    await pluginArguments(
      ['plugins', 'install', tarball, join(directory, 'plugin', '..', 'plugin')],
      '/proc/nonexistent',
    ),
  ).toEqual(['plugins', 'install', `file:${tarball}`, `file:${join(directory, 'plugin')}`])
})

test('a plugin behind a link is the one that the kernel finds, as npm would simplify its path', async () => {
  const {root} = await releases()
  await writeFile(`${root}/releases/x.tgz`, '')
  expect(await pluginArguments(['plugins', 'add', `${root}/current/../x.tgz`], '/proc/nonexistent')).toEqual([
    ...['plugins', 'add'],
    `file:${root}/releases/x.tgz`,
  ])
})

test.each([
  [['plugins', 'install', 'vmrun-plugin-s390x']],
  [['plugins', 'install', '@someone/vmrun-plugin-s390x', '--force']],
  [['plugins', 'install', 'someone/on-github']],
  [['plugins', 'install', 'https://example.com/x.tgz']],
  [['plugins', 'link', import.meta.dirname]],
  [['plugins', 'uninstall', '/tmp']],
])('%j stays as it is', async argv => {
  expect(await pluginArguments(argv, '/proc/nonexistent')).toEqual(argv)
})

test.each(['/proc/nonexistent/x.tgz', './nonexistent', 'nonexistent.tgz', '../nonexistent/x'])(
  '%s, which is not there, is the user’s error before npm is asked',
  async word => {
    await expect(pluginArguments(['plugins', 'install', word], '/proc/nonexistent')).rejects.toMatchObject({
      name: 'UsageError',
      message: `there is no file or directory "${word}" that could be read`,
    })
  },
)

test('what a package has npm run when it is installed does not run, unless the environment says so', async () => {
  await pluginArguments(['plugins', 'update'], '/proc/nonexistent')
  expect(process.env[scripts]).toBe('true')
  vi.stubEnv(scripts, 'false')
  await pluginArguments(['plugins', 'install', 'x'], '/proc/nonexistent')
  expect(process.env[scripts]).toBe('false')
})
