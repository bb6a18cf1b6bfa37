import {readdir, readFile} from 'node:fs/promises'
import {expect, test} from 'vitest'
import {Host} from './host.js'

const marker = 'marker-5f1c9e'

test('placeholders reach the guest resolved, and nobody else', async () => {
  const host = await Host.with({
    name: 'vm-1',
    config: {
      action: 'wait',
      token: '${{ env:TOKEN }}',
      key: 'Bearer ${{ file:key.txt }}!',
      raw: '$${{ env:TOKEN }}',
    },
  })
  await host.write('key.txt', `${marker}-key\n`)
  host.environment['TOKEN'] = `${marker}-token`
  const run = host.start('run', 'vm-1', '--json', '--console', 'console.log')
  await run.printed(/"type":"machine-running"/u)
  const seen = await Promise.all([...(await processFiles('cmdline')), ...(await qemuEnvironment(host))])
  run.signal('SIGTERM')
  const {stdout, stderr, exitCode} = await run.ended
  expect(exitCode).toBe(143)
  expect(await host.read('console.log')).toContain(
    `"token":"${marker}-token","key":"Bearer ${marker}-key!","raw":"\${{ env:TOKEN }}"`,
  )
  expect(seen.join('\n')).not.toContain(marker)
  expect(stdout + stderr).not.toContain(marker)
})

test('a dry run resolves no placeholder', async () => {
  const host = await Host.with({name: 'vm-1', config: {token: '${{ env:TOKEN }}', other: '${{ env:UNSET }}'}})
  host.environment['TOKEN'] = marker
  for (const flags of [[], ['--json']]) {
    const {stdout, stderr, exitCode} = await host.vmrun('run', 'vm-1', '--dry-run', ...flags)
    expect(exitCode).toBe(0)
    expect(stdout + stderr).not.toContain(marker)
  }
})

test.each(['run', 'build-iso'])(
  '%s names the instance, the key and the variable of a placeholder that fails',
  async command => {
    const host = await Host.with({
      name: 'vm-1',
      config: {tokens: ['plain', '${{ env:UNSET }}'], key: '${{ file:missing.txt }}'},
    })
    const {stdout, stderr, exitCode} = await host.vmrun(command, 'vm-1')
    expect(stderr).toMatch(/vm-1: config\.tokens\[1\]: .*UNSET is not set/u)
    expect(stderr).toMatch(/vm-1: config\.key: .*missing\.txt/u)
    expect(stdout).toBe('')
    expect(exitCode).toBe(2)
    await host.expectNothingLeft()
  },
)

async function processFiles(name: string): Promise<readonly Promise<string>[]> {
  const pids = (await readdir('/proc')).filter(entry => /^\d+$/u.test(entry))
  return pids.map(pid => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => ''))
}

async function qemuEnvironment(host: Host): Promise<readonly Promise<string>[]> {
  const qemus = await host.qemus()
  expect(qemus).toHaveLength(1)
  return qemus.map(pid => readFile(`/proc/${pid}/environ`, 'utf8'))
}
