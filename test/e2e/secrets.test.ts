import {readdir, readFile} from 'node:fs/promises'
import path from 'node:path'
import {expect, test} from 'vitest'
import {Host} from './host.js'

const marker = 'marker-5f1c9e'

test('placeholders reach the guest resolved, and nobody else, however much vmrun is asked to say', async () => {
  const host = await Host.with({
    name: 'vm-1',
    config: {
      action: 'wait',
      token: '${{ env:TOKEN }}',
      key: 'Bearer ${{ file:key.txt }}!',
      raw: '$${{ env:TOKEN }}',
    },
  })
  host.emptyCache()
  await host.write('key.txt', `${marker}-key\n`)
  host.environment['TOKEN'] = `${marker}-token`
  host.environment['DEBUG'] = '*'
  host.environment['NODE_DEBUG'] = '*'
  const run = host.start('run', 'vm-1', '--json', '--console', 'console.log')
  await run.printed(/"type":"machine-running"/u)
  const seen = [
    ...(await commandLines()),
    ...(await environmentsOfChildren(host, run.pid)),
    ...(await filesBelow(host, 'work', 'state', 'tmp', 'cache')),
  ]
  run.signal('SIGTERM')
  const {stdout, stderr, exitCode} = await run.ended
  expect(exitCode).toBe(143)
  expect(await host.read('console.log')).toContain(
    `"token":"${marker}-token","key":"Bearer ${marker}-key!","raw":"\${{ env:TOKEN }}"`,
  )
  expect(seen.join('\n')).not.toContain(marker)
  // This guest prints its configuration on its console, the last of which is told with the verdict.
  const lines = stdout.split('\n')
  expect(lines.filter(line => line.includes(marker))).toEqual([
    expect.stringMatching(/"verdict".*"consoleTail"/u),
  ])
  expect(stderr).not.toContain(marker)
})

test.each(['QEMU', 'vmrun'])('a %s that crashes leaves no core, where secrets would be', async program => {
  const host = await Host.with({name: 'vm-1', config: {action: 'wait', token: marker}})
  const run = host.startInShell('ulimit -c unlimited; exec "$@"', 'run', 'vm-1', '--console', 'stdout')
  await run.printed(/nano: waiting/u)
  const [qemu = 0] = await host.qemus()
  const pid = program === 'QEMU' ? qemu : run.pid
  expect(await readFile(`/proc/${pid}/limits`, 'utf8')).toMatch(/^Max core file size +1 +1 /mu)
  process.kill(pid, 'SIGABRT')
  expect((await run.ended).exitCode).not.toBe(0)
  expect((await readdir(host.directory)).filter(name => name.startsWith('core'))).toEqual([])
  await expect.poll(() => host.qemus()).toEqual([])
})

/** Those of all processes of this system. */
async function commandLines(): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter(entry => /^\d+$/u.test(entry))
  return await Promise.all(pids.map(pid => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
}

/** The environments of everything that vmrun started: its own is what it was given. */
async function environmentsOfChildren(host: Host, vmrun: number): Promise<readonly string[]> {
  const pids = Array.from((await host.processes()).keys()).filter(pid => pid !== vmrun)
  expect(pids).toEqual(expect.arrayContaining([...(await host.qemus())]))
  return await Promise.all(pids.map(pid => readFile(`/proc/${pid}/environ`, 'utf8')))
}

async function filesBelow(host: Host, ...names: readonly string[]): Promise<readonly string[]> {
  const options = {recursive: true, withFileTypes: true} as const
  const entries = await Promise.all(names.map(name => readdir(host.path(name), options).catch(() => [])))
  const files = entries.flat().filter(entry => entry.isFile())
  // The run record is one.
  expect(files.length).toBeGreaterThan(0)
  return await Promise.all(files.map(({parentPath, name}) => readFile(path.join(parentPath, name), 'utf8')))
}
