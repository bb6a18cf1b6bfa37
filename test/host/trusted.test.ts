import {execFile} from 'node:child_process'
import {chmod, chown, lchown, mkdir, readdir, realpath, stat, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {promisify} from 'node:util'
import {describe, expect, test} from 'vitest'
import {trustedDirectory, trustedPath} from '../../src/host/trusted.js'
import {compiled} from '../compiled.js'
import {temporaryDirectory} from '../temporary-directory.js'

const execute = promisify(execFile)
const somebody = 12_345

/** A directory of this user's with a file in it, below a directory of this user's. */
async function made(): Promise<{readonly above: string; readonly directory: string; readonly file: string}> {
  const above = await realpath(await temporaryDirectory())
  const directory = path.join(above, 'directory')
  const file = path.join(directory, 'file')
  await mkdir(directory)
  await writeFile(file, '')
  return {above, directory, file}
}

describe('what only this user and root can have written', () => {
  test('a file in a directory of this user’s in /tmp, which is everybody’s', async () => {
    const {directory, file} = await made()
    expect(trustedPath(file)).toBe(file)
    expect(trustedPath(directory)).toBe(directory)
  })

  test('what root has', () => {
    expect(trustedPath('/etc/passwd')).toBe('/etc/passwd')
  })

  test('links are followed, each part of them, and so is the way up from where they lead', async () => {
    const {above, directory, file} = await made()
    await symlink('directory', path.join(above, 'link'))
    await symlink(path.join(above, 'link', 'file'), path.join(above, 'further'))
    expect(trustedPath(path.join(above, 'link', 'file'))).toBe(file)
    expect(trustedPath(path.join(above, 'further'))).toBe(file)
    await mkdir(path.join(directory, 'deep'))
    await symlink('directory/deep', path.join(above, 'deep'))
    expect(trustedPath(`${above}/deep/../file`)).toBe(file)
  })

  test('a relative path begins at the working directory', () => {
    expect(trustedPath('package.json')).toBe(path.resolve('package.json'))
  })

  test('what is not there yet is nowhere', async () => {
    const {directory} = await made()
    expect(trustedPath(path.join(directory, 'a', '..', 'b'))).toBeUndefined()
    expect(trustedPath('/tmp/vmrun-is-not-there')).toBeUndefined()
  })
})

describe('what others could have written', () => {
  test.each(['file', 'directory', 'above'] as const)('%s is everybody’s to write to', async part => {
    const all = await made()
    await chmod(all[part], 0o777)
    expect(() => trustedPath(all.file)).toThrow(
      expect.objectContaining({
        message: `${all[part]} can be written to by other users`,
        hint: `Take that right away: chmod go-w ${all[part]}`,
      }),
    )
    await chmod(all[part], 0o755)
    expect(trustedPath(all.file)).toBe(all.file)
  })

  test('a directory that is sticky: others may add to it', async () => {
    const {directory, file} = await made()
    await chmod(directory, 0o1777)
    expect(trustedPath(file)).toBe(file)
    expect(() => trustedPath(directory)).toThrow(`${directory} can be written to by other users`)
    expect(trustedPath(directory, {shared: true})).toBe(directory)
    const link = path.join(path.dirname(directory), 'link')
    await symlink('directory', link)
    expect(() => trustedPath(link)).toThrow(`${directory} can be written to by other users`)
    await chmod(directory, 0o777)
    expect(() => trustedPath(directory, {shared: true})).toThrow('can be written to')
  })

  test('a link to nothing, or to itself', async () => {
    const {above} = await made()
    await symlink('nothing', path.join(above, 'dangling'))
    await symlink('circle', path.join(above, 'circle'))
    for (const name of ['dangling', 'circle']) {
      expect(() => trustedPath(path.join(above, name))).toThrow('is a link to nothing')
    }
  })

  test('what is below a file', async () => {
    const {file} = await made()
    expect(() => trustedPath(path.join(file, 'below'))).toThrow('cannot be looked at: ENOTDIR')
  })
})

describe.runIf(process.getuid?.() === 0)('with other users', () => {
  test.each(['file', 'directory', 'above'] as const)('%s is somebody’s', async part => {
    const all = await made()
    await chown(all[part], somebody, somebody)
    expect(() => trustedPath(all.file)).toThrow(`${all[part]} belongs to another user (${somebody})`)
    await chown(all[part], 0, somebody)
    expect(trustedPath(all.file)).toBe(all.file)
  })

  test('what is not there yet in somebody’s directory could be there next', async () => {
    const {directory} = await made()
    await chown(directory, somebody, somebody)
    expect(() => trustedPath(path.join(directory, 'a', 'b'))).toThrow('belongs to another user')
    expect(() => trustedDirectory(path.join(directory, 'a', 'b'))).toThrow('belongs to another user')
    expect(await readdir(directory)).toEqual(['file'])
  })

  test('somebody’s link, and a link of one’s own to what is somebody’s', async () => {
    const {above, directory} = await made()
    const link = path.join(above, 'link')
    await symlink('directory', link)
    await lchown(link, somebody, somebody)
    expect(() => trustedPath(link)).toThrow(`${link} is a symbolic link of another user`)
    await lchown(link, 0, 0)
    await chown(directory, somebody, somebody)
    expect(() => trustedPath(link)).toThrow(`${directory} belongs to another user`)
  })

  test('a group may write where nobody but this user is in it, as where each user has a group', async () => {
    const {directory, file} = await made()
    await chmod(directory, 0o770)
    expect(trustedPath(file)).toBe(file)
    await chown(directory, 0, somebody)
    expect(() => trustedPath(file)).toThrow(`${directory} can be written to by other users`)
  })
})

describe('a directory', () => {
  test('is made with all above it, for this user alone; one that is there stays as it is', async () => {
    const {above} = await made()
    const directory = path.join(above, 'a', 'b')
    expect(trustedDirectory(directory)).toBe(directory)
    for (const one of [directory, path.dirname(directory)]) {
      expect((await stat(one)).mode & 0o777).toBe(0o700)
    }

    await writeFile(path.join(directory, 'file'), '')
    await chmod(directory, 0o755)
    expect(trustedDirectory(directory)).toBe(directory)
    expect(await readdir(directory)).toEqual(['file'])
    expect((await stat(directory)).mode & 0o777).toBe(0o755)
  })

  test('may be made by several at once', async () => {
    const {above} = await made()
    const directory = path.join(above, 'a', 'b')
    const script = `import('${await compiled('host/trusted.ts')}').then(it => console.log(it.trustedDirectory('${directory}')))`
    const several = [1, 2, 3].map(() => execute(process.execPath, ['-e', script]))
    expect((await Promise.all(several)).map(({stdout}) => stdout)).toEqual(
      [1, 2, 3].map(() => `${directory}\n`),
    )
  })

  test('where the kernel makes none is an error, and not tried for ever', () => {
    expect(() => trustedDirectory('/proc/vmrun')).toThrow('/proc/vmrun cannot be made: ENOENT')
    expect(() => trustedDirectory('/proc/vmrun/state')).toThrow('/proc/vmrun/state cannot be made: ENOENT')
  })
})
