import {execFileSync} from 'node:child_process'
import {link, mkdir, symlink, writeFile} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import {expect, test} from 'vitest'
import {openBaseImage, overlaySize, readBaseImage} from '../../src/disks/base-image.js'
import type {ImageLayer} from '../../src/disks/image-file.js'
import {VmrunError} from '../../src/errors/errors.js'
import {openFiles} from '../open-files.js'
import {releases} from '../releases.js'
import {temporaryDirectory} from '../temporary-directory.js'
import {forgetBackingFormat, madeImage} from './made-image.js'

const gibi = 1024 ** 3

const made = (...options: readonly string[]): Promise<string> => madeImage('1G', ...options)

/** Makes an image at a path, without looking at what it is to read. */
function make(path: string, ...options: readonly string[]): string {
  execFileSync('qemu-img', ['create', '-q', '-u', '-f', 'qcow2', ...options, path, '1G'])
  return path
}

/** Formats and paths of the layers of an image, from the top on. */
function layersOf(layer: ImageLayer | undefined): readonly string[] {
  return layer === undefined
    ? []
    : [`${layer.qcow2 ? 'qcow2' : 'raw'} ${layer.file.path}`, ...layersOf(layer.backing)]
}

async function layers(path: string, allowed: readonly string[]): Promise<readonly string[]> {
  return layersOf((await readBaseImage(path, {allowed})).top)
}

/** What is wrong with an image, and what to do about it. Nothing of it is left open. */
async function problemOf(path: string, allowed: readonly string[] = []): Promise<VmrunError> {
  const error = await openBaseImage(path, {allowed}).catch((thrown: unknown) => thrown)
  const open = await openFiles(process.pid)
  expect(open.filter(file => file.startsWith(dirname(path)))).toEqual([])
  if (!(error instanceof VmrunError)) {
    throw new Error('the image was taken', {cause: error})
  }

  return error
}

test('the files of an open image stay open until it is closed, once or more often', async () => {
  const below = await made()
  const path = await made('-F', 'qcow2', '-b', below)
  const base = await openBaseImage(path, {allowed: [below]})
  expect(base.files.map(file => file.path)).toEqual([path, below])
  expect(await openFiles(process.pid)).toEqual(expect.arrayContaining([path, below]))
  await base.close()
  await base.close()
  const open = await openFiles(process.pid)
  expect(open.filter(file => file === path || file === below)).toEqual([])
})

test.each<[string, string, readonly string[]]>([
  ['another image', 'backing file "/below"', ['-F', 'qcow2', '-b', '/below']],
  ['a file of the host', 'backing file "/etc/hostname"', ['-F', 'raw', '-b', '/etc/hostname']],
  ['a file that is not there', 'backing file "gone"', ['-F', 'raw', '-b', 'gone']],
  ['an external data file', 'external data file "data.raw"', ['-o', 'data_file=data.raw']],
])('an image that reads %s is refused, and the error says what can be done', async (_, what, options) => {
  const path = await made('-u', ...options)
  const error = await problemOf(path)
  expect(error.message).toBe(
    `the image ${path} reads another file of the host, which "backing-files" does not allow: its ${what}`,
  )
  expect(error.hint).toMatch(
    /^If you trust .*"backing-files": \["\/.*"\], or make it stand alone: qemu-img convert -f qcow2 -O qcow2/u,
  )
})

test('an image that reads a file is taken once that is allowed as the error says', async () => {
  const directory = await temporaryDirectory()
  const below = make(join(directory, 'below'))
  const path = make(join(directory, 'image'), '-F', 'qcow2', '-b', 'below')
  expect((await problemOf(path)).hint).toContain(JSON.stringify(below))
  expect(await layers(path, [below])).toEqual([`qcow2 ${path}`, `qcow2 ${below}`])
})

test('every file of a chain has to be allowed', async () => {
  const directory = await temporaryDirectory()
  const [raw, below] = [join(directory, 'raw'), join(directory, 'below')]
  await writeFile(raw, '')
  make(below, '-F', 'raw', '-b', raw)
  const path = make(join(directory, 'image'), '-F', 'qcow2', '-b', below)
  expect((await problemOf(path, [below])).message).toContain(`the image ${below} reads another file`)
  expect(await layers(path, [raw, below])).toEqual([`qcow2 ${path}`, `qcow2 ${below}`, `raw ${raw}`])
})

test('a file that is allowed and not read does no harm, there or not', async () => {
  const path = await made()
  expect((await readBaseImage(path, {allowed: [await made(), '/proc/nonexistent']})).files).toHaveLength(1)
})

test('a relative name is relative to the directory of the image, as its path names it', async () => {
  const directory = await temporaryDirectory()
  await mkdir(join(directory, 'images'))
  await mkdir(join(directory, 'links'))
  const image = make(join(directory, 'images', 'image'), '-F', 'qcow2', '-b', '../links/below')
  const below = make(join(directory, 'links', 'below'))
  await symlink(image, join(directory, 'links', 'image'))
  expect(await layers(image, [below])).toHaveLength(2)
  expect(await layers(join(directory, 'links', 'image'), [below])).toHaveLength(2)
  await symlink(image, join(directory, 'image'))
  await expect(readBaseImage(join(directory, 'image'), {allowed: [below]})).rejects.toThrow('does not allow')
})

test.each([
  ['a symbolic link', symlink],
  ['a further name', link],
])('what counts is the file and not its name: %s', async (_, name) => {
  const directory = await temporaryDirectory()
  const below = make(join(directory, 'below'))
  await name(below, join(directory, 'other'))
  const path = make(join(directory, 'image'), '-F', 'qcow2', '-b', 'other')
  expect(await layers(path, [below])).toEqual([`qcow2 ${path}`, `qcow2 ${below}`])
})

test('a file that is allowed and gone is missing, by whatever path it was named', async () => {
  const {root} = await releases()
  const image = make(`${root}/current/image`, '-u', '-F', 'qcow2', '-b', '../images/below')
  const allowed = `${root}/releases/images/below`
  expect((await problemOf(image, [allowed])).message).toBe(`the image ${allowed} does not exist`)
  expect((await problemOf(image, [`${root}/images/below`])).message).toContain('does not allow')
})

test.each(['json:{"driver":"file"}', 'nbd:localhost:1', 'https://localhost/image', 'file:/below', 'a:b'])(
  'no protocol is ever allowed: %s',
  async name => {
    const path = await made('-F', 'raw', '-u', '-b', name)
    const error = await problemOf(path, [name, join(dirname(path), name), '/below'])
    expect(error.message).toBe(
      `the image ${path} reads what is no plain file: its backing file ${JSON.stringify(name)}`,
    )
  },
)

test('a backing file whose format is not named is not looked at, and the error says how to name it', async () => {
  const directory = await temporaryDirectory()
  const below = make(join(directory, 'below'))
  const path = make(join(directory, 'image'), '-F', 'qcow2', '-b', below)
  await forgetBackingFormat(path)
  const error = await problemOf(path, [below])
  expect(error.message).toBe(
    `the image ${path} does not say which format its backing file ${JSON.stringify(below)} has`,
  )
  expect(error.hint).toContain('qemu-img rebase -u -f qcow2')
  execFileSync('qemu-img', ['rebase', '-u', '-f', 'qcow2', '-b', below, '-F', 'qcow2', path])
  expect(await layers(path, [below])).toHaveLength(2)
})

test('a backing file of another format is refused', async () => {
  const path = await made('-u', '-F', 'vmdk', '-b', '/etc/hostname')
  expect((await problemOf(path, ['/etc/hostname'])).message).toContain('neither qcow2 nor raw but "vmdk"')
})

test.each([
  ['is missing', () => undefined, 'does not exist'],
  ['is not what the image says', (path: string) => writeFile(path, 'text'), 'is not qcow2'],
  ['is a directory', (path: string) => mkdir(path), 'is a directory, not a file'],
])('an image whose backing file %s is refused, and the error names that file', async (_, prepare, what) => {
  const directory = await temporaryDirectory()
  const below = join(directory, 'below')
  await prepare(below)
  const path = make(join(directory, 'image'), '-F', 'qcow2', '-b', below)
  expect((await problemOf(path, [below])).message).toBe(`the image ${below} ${what}`)
})

test('an image that reads itself is refused', async () => {
  const directory = await temporaryDirectory()
  const [one, other] = [join(directory, 'one'), join(directory, 'other')]
  make(one, '-F', 'qcow2', '-b', other)
  make(other, '-F', 'qcow2', '-b', one)
  expect((await problemOf(one, [one, other])).message).toContain(`the image ${one} is named twice`)
})

test('the size of the overlay is what is asked for, or the image’s; a smaller one is refused, with both', () => {
  const base = {path: '/base.qcow2', virtualSize: gibi}
  expect([undefined, '1G', '80G'].map(size => overlaySize(base, size))).toEqual([gibi, gibi, 80 * gibi])
  const message =
    'root-disk 1048575K (1073740800 bytes) is smaller than the image /base.qcow2 (1073741824 bytes)'
  expect(() => overlaySize(base, '1048575K')).toThrow(
    expect.objectContaining({name: 'UsageError', message, hint: expect.stringContaining('leave it out')}),
  )
})
