import {execFile} from 'node:child_process'
import {promisify} from 'node:util'
import {expect, test} from 'vitest'
import {writeProgram} from '../executables.js'
import {temporaryDirectory} from '../temporary-directory.js'

const packages = new URL('linux/packages.bash', import.meta.url).pathname

/** Downloads a kernel where the index lists some packages, and the mirror has some. */
async function downloaded(listed: readonly string[], had: readonly string[]): Promise<string> {
  const directory = await temporaryDirectory()
  await writeProgram(directory, 'apt-cache', `printf '%s\\n' ${listed.join(' ')}`)
  await writeProgram(
    directory,
    'apt-get',
    `case " ${had.join(' ')} " in *" $4 "*) touch "$4.deb" ;; *) echo '404 Not Found' >&2; exit 100 ;; esac`,
  )
  const script = `source '${packages}'; apt_options=(-c apt.conf); apt_download_kernel cloud-amd64; ls archives`
  const {stdout} = await promisify(execFile)('bash', ['-eu', '-c', script], {
    cwd: directory,
    env: {PATH: `${directory}:${process.env['PATH']}`},
  })
  return stdout.trim()
}

const [old, older] = ['linux-image-6.1.0-9-cloud-amd64', 'linux-image-6.0.0-11-cloud-amd64']
const newest = 'linux-image-6.12.107+deb13-cloud-amd64'
const others = [
  'linux-image-7.0.0-1-amd64',
  'linux-image-7.0.0-1-rt-amd64',
  'linux-image-7.0.0-1-cloud-amd64-dbg',
  'linux-image-cloud-amd64',
]

test('a guest’s kernel is the newest of its flavour', async () => {
  const all = [older, newest, old, ...others]
  expect(await downloaded(all, all)).toBe(`${newest}.deb`)
})

test('where the mirror lacks the newest kernels that it lists, it is the newest that it has', async () => {
  expect(await downloaded([older, newest, old, ...others], [older, ...others])).toBe(`${older}.deb`)
})

test('where there is none, that is said', async () => {
  await expect(downloaded([newest, ...others], others)).rejects.toMatchObject({
    stderr: expect.stringContaining('404 Not Found\nthere is no kernel cloud-amd64'),
  })
})
