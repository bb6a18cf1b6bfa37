import {execFile} from 'node:child_process'
import {mkdir, readdir} from 'node:fs/promises'
import {promisify} from 'node:util'
import {expect, test} from 'vitest'
import {Host} from './host.js'

const run = promisify(execFile)
const names = ['vmrun-say', 'vmrun-job', 'vmrun-job.service', 'cloud-init.yaml']
const permissions = ['755', '755', '644', '644']

test('writes scripts, a unit and a cloud-config into a directory that it makes, and says where', async () => {
  const host = await Host.with()
  const written = names.map(name => host.path('vmrun-guest', name))
  const {stdout, exitCode} = await host.startInShell('umask 022; "$@"', 'guest-files').ended
  expect(stdout).toBe(written.map(file => `${file}\n`).join(''))
  expect(exitCode).toBe(0)
  expect(await readdir(host.path('vmrun-guest'))).toEqual(names.toSorted())
  expect(await Promise.all(names.map(name => host.mode('vmrun-guest', name)))).toEqual(permissions)
  const json = await host.vmrun('guest-files', '--force', '--json')
  expect(JSON.parse(json.stdout)).toEqual({files: written})
})

test('the cloud-config is YAML, and brings the other files as they are', async () => {
  const host = await Host.with()
  await host.vmrun('guest-files')
  const script = 'import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1]))))'
  const read = await run('/usr/bin/python3', ['-c', script, host.path('vmrun-guest', 'cloud-init.yaml')])
  const {write_files: files, runcmd} = JSON.parse(read.stdout)
  const brought = [
    {path: '/usr/local/bin/vmrun-say', permissions: '0755'},
    {path: '/usr/local/bin/vmrun-job', permissions: '0755'},
    {path: '/etc/systemd/system/vmrun-job.service', permissions: '0644'},
  ]
  const contents = await Promise.all(names.slice(0, 3).map(name => host.read(`vmrun-guest/${name}`)))
  expect(files.slice(0, 3)).toEqual(brought.map((file, index) => ({...file, content: contents[index]})))
  expect(runcmd).toEqual([['systemctl', 'start', '--no-block', 'vmrun-job.service']])
})

test('overwrites nothing without --force, and then writes nothing at all', async () => {
  const host = await Host.with()
  await mkdir(host.path('files'))
  await host.write('files/vmrun-job', 'precious')
  const refused = await host.vmrun('guest-files', '--output', 'files')
  expect(refused.stderr).toContain('files/vmrun-job exists already')
  expect(refused.exitCode).toBe(2)
  expect(await readdir(host.path('files'))).toEqual(['vmrun-job'])
  expect(await host.read('files/vmrun-job')).toBe('precious')
  expect((await host.vmrun('guest-files', '--output', 'files', '--force')).exitCode).toBe(0)
  expect(await host.read('files/vmrun-job')).toMatch(/^#!/u)
})

test.each([
  ['/proc/nonexistent/files', 'its directory does not exist', 1],
  ['instances.json', 'a part of its path is not a directory', 1],
  ['', 'an empty text names nothing', 2],
])('cannot write to %j: %s', async (directory, says, code) => {
  const host = await Host.with()
  const {stderr, exitCode} = await host.vmrun('guest-files', '--output', directory)
  expect(stderr).toContain(says)
  expect(stderr).not.toMatch(/^\s+at /mu)
  expect(exitCode).toBe(code)
})
