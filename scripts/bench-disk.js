// What each measure on the root disk brings, under a Linux guest's load: npm run bench:disk [-- ROUNDS [ACCELERATOR [ROW…]]]
import {execFileSync, spawn} from 'node:child_process'
import {randomBytes} from 'node:crypto'
import {existsSync} from 'node:fs'
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises'
import {cpus, tmpdir} from 'node:os'
import path from 'node:path'
import {createInterface} from 'node:readline'
import {fileURLToPath} from 'node:url'
import {x86_64} from '../dist/architectures/x86-64.js'
import {cdrom} from '../dist/config-disks/cdrom.js'
import {configDiskImage} from '../dist/config-disks/image.js'
import {writeImage} from '../dist/config-disks/write-image.js'
import {baseArguments, blockdev, device, hardwareArguments} from '../dist/qemu/command-line/arguments.js'
import {rootDiskArguments} from '../dist/qemu/image/root-disk.js'

const rounds = Number(process.argv[2] ?? 11)
const accelerator = process.argv[3] ?? 'tcg'
const chosen = process.argv.slice(4)
const directory = await mkdtemp(path.join(tmpdir(), 'vmrun-bench-disk-'))
const inMemory = existsSync('/dev/shm') ? await mkdtemp('/dev/shm/vmrun-bench-disk-') : undefined

/** What a guest does with a disk mounted at $1, for the $2nd time. */
const loads = {
  '8 MiB, fsync': 'busybox dd if=/data of=$1/s$2 bs=1M count=8 conv=fsync',
  '50 × 4 KiB, synced': [
    'busybox mount -o remount,sync $1',
    'busybox dd if=/data of=$1/f$2 bs=4k count=50',
    'busybox mount -o remount,async $1',
  ].join('; '),
  '200 × 4 KiB, direct': 'busybox dd if=/data of=$1/d$2 bs=4k count=200 oflag=direct',
  'read 32 MiB of the base': 'busybox dd if=$1/data of=/dev/null bs=1M iflag=direct',
}

const vmruns = 'vmrun'
const flushing = {overlay: {cache: undefined}, file: {cache: undefined}}
const noFlush = {'no-flush': true}
const direct = {overlay: {cache: {...noFlush, direct: true}}, files: {cache: {...noFlush, direct: true}}}
const uring = {files: {aio: 'io_uring'}}

/**
 * How the disk of each differs from vmrun's: in the options of its format node (`overlay`), of its file's node (`file`),
 * of that and the base's (`files`), of its device, and of its creation. `to` is what it is compared with.
 */
const rows = {
  [vmruns]: {to: 'flushes'},
  flushes: flushing,
  'vmrun, again': {},
  'no-flush on the file alone': {overlay: {cache: undefined}},
  'no discard': {overlay: {discard: 'ignore'}, file: {discard: 'ignore'}},
  'detect-zeroes=unmap': {overlay: {'detect-zeroes': 'unmap'}},
  'aio=io_uring': uring,
  'cache.direct': direct,
  'cache.direct, aio=native': {...direct, files: {...direct.files, aio: 'native'}},
  'cache.direct, aio=io_uring': {...direct, files: {...direct.files, ...uring.files}},
  iothread: {device: {iothread: 'io'}},
  'iothread, aio=io_uring': {...uring, device: {iothread: 'io'}},
  'queue-size=1024': {device: {'queue-size': 1024}},
  'lazy_refcounts=on': {create: 'lazy_refcounts=on'},
  'extended_l2=on': {create: 'extended_l2=on'},
  'extended_l2=on, 128 KiB clusters': {create: 'extended_l2=on,cluster_size=128k'},
  '1 MiB clusters': {create: 'cluster_size=1M'},
  ...(inMemory === undefined ? {} : {'the overlay on a tmpfs': {directory: inMemory}}),
}

/** Those asked for, beside the ones that every other is held against. */
const variants = Object.fromEntries(
  Object.entries(rows).filter(
    ([name]) => chosen.length === 0 || [vmruns, 'flushes', 'vmrun, again', ...chosen].includes(name),
  ),
)

try {
  await bench()
} finally {
  await rm(directory, {recursive: true})
  if (inMemory !== undefined) {
    await rm(inMemory, {recursive: true})
  }
}

async function bench() {
  const base = await measuredBase()
  const guest = await startGuest(
    Object.values(variants).flatMap((variant, index) => diskOf(base, index, variant)),
  )
  try {
    show(await inTurn(guest))
  } finally {
    guest.end()
  }
}

/** A file system, whose file `data` is read. */
async function measuredBase() {
  const [content, base] = ['content', 'base.raw'].map(name => path.join(directory, name))
  await mkdir(content)
  await writeFile(path.join(content, 'data'), randomBytes(32 * 1024 * 1024))
  execFileSync('mkfs.ext4', ['-q', '-E', 'lazy_itable_init=0', '-d', content, base, '4G'])
  return {filename: base, format: 'raw'}
}

/** The arguments for a disk of a variant, which its guest knows by the serial `v` and its number. */
function diskOf(base, index, {overlay, file, files, create = 'compat=1.1', ...variant}) {
  const filename = path.join(variant.directory ?? directory, `overlay-${index}`)
  makeOverlay(filename, base, '-o', create)
  const [, node, , front] = rootDiskArguments({overlay: filename, base, device: x86_64.devices.disk})
  const {backing, ...own} = JSON.parse(node)
  return [
    ...blockdev({
      ...own,
      ...overlay,
      'node-name': `disk-${index}`,
      file: {...own.file, ...file, ...files},
      backing: {...backing, 'node-name': `base-${index}`, file: {...backing.file, ...files}},
    }),
    ...device({
      ...JSON.parse(front),
      ...variant.device,
      bootindex: undefined,
      drive: `disk-${index}`,
      serial: `v${index}`,
    }),
  ]
}

function makeOverlay(file, base, ...options) {
  const backing = ['-F', base.format, '-b', base.filename]
  execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', ...backing, ...options, file])
}

/** A guest whose shell can be told what to do. */
async function startGuest(disks) {
  const configDisk = path.join(directory, 'config-disk.iso')
  const script = 'busybox stty -echo; echo listening; set -f; while read -r line; do eval $line; done'
  await writeImage(
    configDiskImage({}, {name: 'bench', config: {action: 'script', script}}, new Date(0)),
    configDisk,
  )
  const build = fileURLToPath(new URL('../test/guests/build', import.meta.url))
  const base = {filename: execFileSync(build, ['linux-x86_64'], {encoding: 'utf8'}).trim(), format: 'qcow2'}
  const root = path.join(directory, 'root')
  makeOverlay(root, base)
  const cpu = accelerator === 'tcg' ? x86_64.emulatedCpu : 'host'
  const qemu = spawn(
    x86_64.program,
    [
      ...baseArguments(),
      ...hardwareArguments({machine: x86_64.machine, accelerator, cpu, cores: 1, ram: '512M'}),
      ...['-serial', 'stdio', '-object', 'iothread,id=io'],
      ...rootDiskArguments({overlay: root, base, device: x86_64.devices.disk}),
      ...cdrom.configure({kind: 'cdrom'}, x86_64, {}).arguments(configDisk),
      ...disks,
    ],
    {stdio: ['pipe', 'pipe', 'inherit']},
  )
  const until = waitForLine(qemu.stdout)
  await until('listening')
  let count = 0
  return {
    /** Has the guest do something, and gives what it printed. */
    tell: async command => {
      count += 1
      qemu.stdin.write(`(set +f; ${command}); echo done $((${count}))\n`)
      return await until(`done ${count}`)
    },
    end: () => qemu.kill(),
  }
}

/** @returns waits for a line, and gives all up to it */
function waitForLine(stream) {
  const lines = createInterface({input: stream})[Symbol.asyncIterator]()
  return async line => {
    let all = ''
    while (true) {
      const {value, done} = await lines.next()
      if (done) {
        throw new Error(`the guest ended: ${all}`)
      }
      all += `${value}\n`
      if (value === line) {
        return all
      }
    }
  }
}

/** How long each load took on each disk in each round, in milliseconds; the disks take turns. */
async function inTurn(guest) {
  await guest.tell('busybox dd if=/dev/urandom of=/data bs=1M count=8; busybox mkdir /m')
  const disks = Array.from(Object.keys(variants), () => [])
  for (const index of disks.keys()) {
    const found = `cd /sys/block; file=$(grep -l ^v${index}$ vd*/serial); cd /m; busybox mkdir ${index}`
    await guest.tell(`${found}; mount -t ext4 /dev/\${file%/*} ${index}`)
  }
  const times = Object.fromEntries(Object.keys(loads).map(load => [load, disks.map(() => [])]))
  // The first round is not counted: it finds nothing in any cache.
  for (let round = 0; round <= rounds; round += 1) {
    for (const [load, command] of Object.entries(loads)) {
      for (const place of disks.keys()) {
        // Each disk is in turn the first one.
        const index = (place + round) % disks.length
        // What an earlier one left to be written is none of its business.
        execFileSync('sync', ['-f', directory])
        const start = performance.now()
        const said = await guest.tell(`set /m/${index} ${round}; ${command}`)
        const time = performance.now() - start
        if (!said.includes('records out')) {
          throw new Error(said)
        }
        if (round > 0) {
          times[load][index].push(time)
        }
      }
    }
  }
  return times
}

/** Each time as a ratio to that of the same round without the measure: what else the host does meets both alike. */
function show(times) {
  const names = Object.keys(variants)
  const row = cells => `| ${cells.join(' | ')} |\n`
  process.stdout.write(`${cpus().length} × ${cpus()[0]?.model}, ${accelerator}, ${rounds} rounds\n\n`)
  process.stdout.write(row(['with', 'without', ...Object.keys(loads)]))
  process.stdout.write(row(['---', '---', ...Object.keys(loads).map(() => '---')]))
  for (const [index, name] of names.entries()) {
    const {to = vmruns} = variants[name]
    const cells = Object.values(times).map(all => {
      const ratios = all[index].map((time, round) => time / all[names.indexOf(to)][round])
      const [low, middle, high] = [0.25, 0.5, 0.75].map(share => quantile(ratios, share).toFixed(2))
      return `${middle} (${low} to ${high})`
    })
    process.stdout.write(row([name, to, ...cells]))
  }
}

function quantile(all, share) {
  return all.toSorted((one, other) => one - other)[Math.floor(all.length * share)]
}
