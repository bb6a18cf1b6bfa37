// What each measure on the root disk brings, under a Linux guest's load: npm run bench:disk [-- ROUNDS [ACCELERATOR [ROW…]]]
import {cpus} from 'node:os'
import path from 'node:path'
import {withTemporaryDirectory} from '../bench/temporary-directory.js'
import {compileModule} from '../compile-module.js'
import {diskOf, measuredBase} from './disks.js'
import {startGuest} from './guest.js'
import {inTurn} from './in-turn.js'
import {rowsOf} from './rows.js'
import {table} from './table.js'

const [rounds = '11', accelerator = 'tcg', ...chosen] = process.argv.slice(2)
for (const [signal, exitCode] of Object.entries({SIGINT: 130, SIGTERM: 143})) {
  process.on(signal, () => process.exit(exitCode))
}

await withTemporaryDirectory('vmrun-bench-disk-', directory =>
  withTemporaryDirectory('vmrun-bench-disk-', inMemory => bench(directory, inMemory), '/dev/shm'),
)

async function bench(directory, inMemory) {
  const rows = rowsOf(chosen)
  const own = await vmrunsModules(directory)
  const base = await measuredBase(directory)
  const disks = Object.values(rows).flatMap((row, index) => {
    const filename = path.join(row.inMemory ? inMemory : directory, `overlay-${index}`)
    return diskOf(own, base, {index, filename, row})
  })
  const guest = await startGuest(own, {directory, accelerator, disks})
  try {
    const times = await inTurn(guest, {names: Object.keys(rows), rounds: Number(rounds), directory})
    process.stdout.write(
      `${cpus().length} × ${cpus()[0]?.model}, ${accelerator}, ${rounds} rounds\n\n${table(rows, times)}`,
    )
  } finally {
    guest.end()
  }
}

/** What vmrun itself makes its guests' disks with. */
async function vmrunsModules(directory) {
  const modules = await Promise.all(
    [
      'architectures/x86-64.ts',
      'config-disks/cdrom.ts',
      'config-disks/image.ts',
      'config-disks/write-image.ts',
      'qemu/command-line/arguments.ts',
      'qemu/image/root-disk.ts',
    ].map(async module => await import(await compileModule(module, directory))),
  )
  return Object.assign({}, ...modules)
}
