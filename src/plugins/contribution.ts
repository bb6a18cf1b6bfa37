import type {Architecture} from '../architectures/architecture.js'
import type {ConfigDiskKind} from '../config-disks/config-disk.js'

/** What one source adds to vmrun. */
export interface Contribution {
  readonly architectures: readonly Architecture[]
  readonly configDisks: readonly ConfigDiskKind[]
}
