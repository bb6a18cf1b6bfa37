import {expect, test} from 'vitest'
import {HostError} from '../../../src/errors/errors.js'
import {killed} from '../../../src/qemu/machine/killed.js'

test('where the kernel killed something of QEMU’s control group for want of memory, it was probably QEMU', () => {
  const error = killed({count: 1, group: '/ci'}, 'qemu: said\n')
  expect(error).toBeInstanceOf(HostError)
  expect(error).toMatchObject({
    message: 'QEMU was killed by SIGKILL, probably by the kernel, because memory ran out:\nqemu: said',
    hint: expect.stringMatching(/"ram".* killed one process of its control group, \/ci, meanwhile/su),
  })
})

test.each([
  [
    'that killed something else of the host may have been it',
    {count: 2, group: undefined},
    /^Perhaps by the kernel.* 2 processes on this host/u,
  ],
  [
    'that killed nothing of its control group was it not',
    {count: 0, group: '/ci'},
    /^The kernel has killed no process of its control group, \/ci, .*systemd-oomd/u,
  ],
  [
    'that killed nothing on the host was it not',
    {count: 0, group: undefined},
    /^The kernel has killed no process on this host/u,
  ],
  ['of which nothing is known may have been it', undefined, /^When memory runs out the kernel kills/u],
])('a kernel %s, and no more than that is said', (_, oomKills, hint) => {
  expect(killed(oomKills, '')).toMatchObject({
    message: 'QEMU was killed by SIGKILL',
    hint: expect.stringMatching(hint),
  })
})
