import {isRecord} from '../../contract/json-value.js'

/** The block node of the overlay; the guest's disk. */
export const overlayNode = 'root-disk'

/** Block drivers that only interpret what another one reads. */
const formats: ReadonlySet<string> = new Set(['qcow2', 'raw'])

/** The files behind the block nodes that `query-named-block-nodes` tells of (QEMU QMP Reference Manual). */
export function filesOf(nodes: unknown): readonly string[] {
  return (Array.isArray(nodes) ? nodes : [])
    .filter(isRecord)
    .filter(({drv}) => !formats.has(String(drv)))
    .map(({file}) => String(file))
}
