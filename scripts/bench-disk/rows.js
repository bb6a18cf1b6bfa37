// The disks that are measured.

/** The disk that vmrun's guests have. */
export const vmruns = 'vmrun'
const flushing = {overlay: {cache: undefined}, file: {cache: undefined}}
const noFlush = {'no-flush': true}
const direct = {overlay: {cache: {...noFlush, direct: true}}, files: {cache: {...noFlush, direct: true}}}
const uring = {files: {aio: 'io_uring'}}

/**
 * How the disk of each differs from vmrun's: in the options of its format node (`overlay`), of its file's node (`file`),
 * of that and the base's (`files`), of its device, of its creation, and of where it is. `to` is what it is compared with.
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
  'the overlay on a tmpfs': {inMemory: true},
}

/** Those asked for, beside the ones that every other is held against; all of them where none is asked for. */
export function rowsOf(chosen) {
  return Object.fromEntries(
    Object.entries(rows).filter(
      ([name]) => chosen.length === 0 || [vmruns, 'flushes', 'vmrun, again', ...chosen].includes(name),
    ),
  )
}
