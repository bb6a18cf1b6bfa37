// How quick vmrun validate is, as ratios to what is run beside it in turn: npm run bench [-- ROUNDS]
import {execFileSync, spawnSync} from 'node:child_process'
import {mkdtemp, rm, symlink, writeFile} from 'node:fs/promises'
import {cpus, tmpdir} from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const rounds = Number(process.argv[2] ?? 11)
const directory = await mkdtemp(path.join(tmpdir(), 'vmrun-bench-'))
try {
  await bench()
} finally {
  await rm(directory, {recursive: true})
}

async function bench() {
  const vmrun = await unpackedPackage()
  const [one, many] = [path.join(directory, 'one.json'), path.join(directory, 'many.json')]
  await writeFile(one, instances(1))
  await writeFile(many, instances(10_000))
  const times = inTurn({
    'node -e 0': ['-e', '0'],
    'oclif core, started': ['--input-type=module', '-e', oclifStart(vmrun)],
    'validate, one instance': [vmrun, 'validate', '--no-host-checks', one],
    'validate, 10,000 instances': [vmrun, 'validate', '--no-host-checks', many],
  })
  const [node = 0, oclif = 0, single = 0, thousands = 0] = Object.values(times)
  process.stdout.write(
    `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, ${rounds} rounds\n\n`,
  )
  for (const [what, time] of Object.entries(times)) {
    process.stdout.write(`${what.padEnd(28)} ${time.toFixed(0).padStart(6)} ms\n`)
  }
  process.stdout.write(
    [
      '',
      `one instance: ${(single / oclif).toFixed(2)} × node and the oclif core's own start`,
      `10,000 instances: ${((thousands - single) / single).toFixed(2)} × one instance, on top of it`,
      `the oclif core's own start: ${((oclif - node) / node).toFixed(2)} × node`,
      '',
    ].join('\n'),
  )
}

/** vmrun as its users have it, with the manifest of its commands. @returns its executable */
async function unpackedPackage() {
  const tarball = execFileSync('npm', ['pack', '--silent', '--pack-destination', directory], {cwd: root})
  execFileSync('tar', [
    '-xzf',
    path.join(directory, tarball.toString().trim().split('\n').at(-1)),
    '-C',
    directory,
  ])
  await symlink(path.join(root, 'node_modules'), path.join(directory, 'package', 'node_modules'))
  return path.join(directory, 'package', 'bin', 'run.js')
}

/** What every command of oclif's does before it begins. */
function oclifStart(vmrun) {
  return `import {Config} from ${JSON.stringify(path.join(root, 'node_modules/@oclif/core/lib/index.js'))}
    await new Config({root: ${JSON.stringify(vmrun)}}).load()`
}

function instances(count) {
  return JSON.stringify(
    Array.from({length: count}, (_, index) => ({
      name: `vm-${index}`,
      image: 'ubuntu-amd64.qcow2',
      'timeout-seconds': 14_400,
      config: {repository: 'example/project', token: '${{ env:RUNNER_TOKEN }}', labels: ['a', 'b'], index},
      'cpu-cores': 4,
      ram: '4G',
    })),
    undefined,
    2,
  )
}

/** The median time of each, in milliseconds; they take turns, so that what else the host does meets all alike. */
function inTurn(commands) {
  const times = Object.fromEntries(Object.keys(commands).map(what => [what, []]))
  for (let round = 0; round < rounds; round += 1) {
    for (const [what, words] of Object.entries(commands)) {
      const start = performance.now()
      const {status, stderr} = spawnSync(process.execPath, words, {stdio: ['ignore', 'ignore', 'pipe']})
      if (status !== 0) {
        throw new Error(`${what}: ${stderr}`)
      }
      times[what].push(performance.now() - start)
    }
  }
  return Object.fromEntries(
    Object.entries(times).map(([what, all]) => [
      what,
      all.toSorted((one, other) => one - other)[rounds >> 1],
    ]),
  )
}
