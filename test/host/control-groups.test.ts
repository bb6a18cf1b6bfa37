import {existsSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {expect, test} from 'vitest'
import {controlGroups, ownControlGroups} from '../../src/host/control-groups.js'

const version2 = '30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n'
const version1 = [
  '31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755',
  '32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu',
  '35 31 0:32 / /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory',
  '41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw',
].join('\n')

test('in version 2 there is one group for all controllers, below others', () => {
  const told = {cgroup: '0::/system.slice/ci.service\n', mountinfo: version2}
  expect(controlGroups('memory', told)).toEqual([
    {name: '/system.slice/ci.service', directory: '/sys/fs/cgroup/system.slice/ci.service', version: 2},
    {name: '/system.slice', directory: '/sys/fs/cgroup/system.slice', version: 2},
    {name: '/', directory: '/sys/fs/cgroup', version: 2},
  ])
})

test('in version 1, also beside version 2, each controller has its own', () => {
  const cgroup = '5:cpu,cpuacct:/other\n4:memory:/ci\n1:name=systemd:/other\n0::/other\n'
  expect(controlGroups('memory', {cgroup, mountinfo: version1})).toEqual([
    {name: '/ci', directory: '/sys/fs/cgroup/memory/ci', version: 1},
    {name: '/', directory: '/sys/fs/cgroup/memory', version: 1},
  ])
})

test('a container that has its own part of the groups mounted sees those', () => {
  const mountinfo =
    '9 8 0:32 /docker/ab /sys/fs/cgroup/memory ro master:9 - cgroup cgroup rw,memory\n' +
    '9 8 0:33 /docker/ab /sys/fs/cgroup ro - cgroup2 cgroup2 rw\n'
  expect(controlGroups('memory', {cgroup: '4:memory:/docker/ab\n', mountinfo})).toEqual([
    {name: '/docker/ab', directory: '/sys/fs/cgroup/memory', version: 1},
  ])
  expect(controlGroups('memory', {cgroup: '0::/docker/ab/run\n', mountinfo})).toEqual([
    {name: '/docker/ab/run', directory: '/sys/fs/cgroup/run', version: 2},
    {name: '/docker/ab', directory: '/sys/fs/cgroup', version: 2},
  ])
})

test.each([
  [
    'a group outside of what is mounted',
    '4:memory:/docker/ab\n',
    version1.replace(' / /sys/fs/cgroup/memory', ' /docker/cd /sys/fs/cgroup/memory'),
  ],
  ['a group outside of the own namespace', '0::/../ci\n', version2],
  ['groups that are not mounted', '0::/ci\n', ''],
  ['a host without control groups', '', version2],
])('of %s nothing can be seen', (_, cgroup, mountinfo) => {
  expect(controlGroups('memory', {cgroup, mountinfo})).toEqual([])
})

test.runIf(existsSync('/proc/self/cgroup'))('this process is in its own groups', async () => {
  for (const {directory} of (await ownControlGroups('memory')).slice(0, 1)) {
    const pids = readFileSync(path.join(directory, 'cgroup.procs'), 'utf8').split('\n')
    expect(pids).toContain(String(process.pid))
  }
})
