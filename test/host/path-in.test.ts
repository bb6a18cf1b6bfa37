import {readdir, readFile} from 'node:fs/promises'
import {expect, test} from 'vitest'
import {absolutePath, pathIn, placeOf} from '../../src/host/path-in.js'
import {releases} from '../releases.js'

test.each([
  ['/srv', 'a', '/srv/a'],
  ['/', 'a', '/a'],
  ['/srv/', './a', '/srv/a'],
  ['/srv', '/a/../b/', '/a/../b/'],
  ['/srv', './/./../b', '/srv/../b'],
  ['/srv/..', 'nosuch/../b', '/srv/../nosuch/../b'],
  ['/srv', 'a/', '/srv/a/'],
  ['/srv', '.', '/srv/.'],
  ['/srv', '', '/srv/'],
])('of %s and %s nothing is lost that the kernel would heed', (directory, path, joined) => {
  expect(pathIn(directory, path)).toBe(joined)
})

test('a path is absolute from the working directory on', () => {
  expect(absolutePath('a/../b')).toBe(`${process.cwd()}/a/../b`)
})

test('the place of a file tells where its directory is, and is none where that is not there', async () => {
  const {root} = await releases()
  expect(await placeOf(`${root}/current/../x`)).toBe(`${root}/releases/x`)
  expect(await placeOf(`${root}/current`)).toBe(`${root}/current`)
  await expect(placeOf(`${root}/nosuch/../x`)).rejects.toThrow('ENOENT')
})

/** Where a path is put together as text all the same, and why that leads to no other file. */
const mayJoin: Readonly<Record<string, string>> = {
  'start/boot/load-code.ts': 'a file of the package',
  'host/trusted.ts': 'goes from name to name, link to link, as the kernel does',
  'plugins/installed-plugins.ts': 'the data directory, and files of packages in it',
  'host/control-groups.ts': 'the names of the kernel',
  'commands/init/answers.ts': 'from one place to another, after placeOf',
  'commands/init/instances-file.ts': 'from one place to another, after placeOf',
  'render/problems/formats.ts': 'from one place to another, after placeOf',
  'residue/run-record.ts': 'a name of ours in a directory that is there',
  'testing/bench.ts': 'a temporary directory',
  'testing/left-behind.ts': 'what was found in a directory',
}

const joining =
  /\bpath\.(?:posix\.)?(?:resolve|join|normalize|relative)\(|\{[^}]*\b(?:resolve|join|normalize|relative)\b[^}]*\} from 'node:path'/u

test('what users name is put together by pathIn alone', async () => {
  const source = new URL('../../src', import.meta.url).pathname
  const files = (await readdir(source, {recursive: true})).filter(name => name.endsWith('.ts'))
  const texts = await Promise.all(files.map(name => readFile(`${source}/${name}`, 'utf8')))
  const joined = files.filter((_, index) => joining.test(texts[index] ?? ''))
  expect(new Set(joined)).toEqual(new Set(Object.keys(mayJoin)))
})
