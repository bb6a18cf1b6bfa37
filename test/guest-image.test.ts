import path from 'node:path'
import {expect, test, vi} from 'vitest'
import {writeProgram} from './executables.js'
import {guestImage} from './guest-image.js'
import {temporaryDirectory} from './temporary-directory.js'

test('a guest that cannot be had fails whoever asks for it, with why, and no other guest', async () => {
  const directory = await temporaryDirectory()
  await writeProgram(directory, 'apt-get', 'echo 404 Not Found >&2\nexit 100')
  vi.stubEnv('PATH', `${directory}:${process.env['PATH']}`)
  vi.stubEnv('VMRUN_GUESTS', path.join(directory, 'guests'))
  await expect(guestImage('linux-s390x')).rejects.toThrow(
    /404 Not Found.*building guest linux-s390x failed/su,
  )
  expect(await guestImage('nano')).toMatch(/nano-\w+\.qcow2$/u)
})
