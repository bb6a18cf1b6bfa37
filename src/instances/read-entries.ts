import type {SyntaxFault} from '../json/fault.js'
import {mostFaults} from '../json/fault-limit.js'
import type {JsonNode} from '../json/node.js'
import {scanJson} from '../json/scan.js'
import {type OpenNode, TreeBuilder} from '../json/tree.js'
import {type Entry, entryAt} from './entry.js'

/** What an instances file consists of beside its entries. */
export interface ReadEntries {
  /** What the file is; the entries themselves are not in it. */
  readonly root: JsonNode
  readonly faults: readonly SyntaxFault[]
  /** How many entries there are. */
  readonly count: number
}

/** The key of the instances where the file is an object. */
const instancesKey = 'instances'

/**
 * Goes through the text of an instances file once.
 *
 * @param onEntry is called with each entry as it ends, unless there are too many mistakes before. What is wrong with the text behind it may turn out to make it
 *   doubtful that it is one: see `SyntaxFault.isPlain`
 */
export function readEntries(text: string, onEntry: (entry: Entry) => void): ReadEntries {
  let count = 0
  const builder = new TreeBuilder(text, (node, open) => {
    const isPart = !isEntry(open)
    if (!isPart) {
      count += 1
      if (builder.faults.length <= mostFaults) {
        onEntry(entryAt(node, text, builder.faults))
      }
    }
    return isPart
  })
  scanJson(text, builder)
  return {root: builder.root, faults: builder.faults, count}
}

/** Whether what is in this is an entry: an element of the array that the file is, or that its `instances` are. */
function isEntry(open: readonly OpenNode[]): boolean {
  const [outermost, second] = open
  if (second === undefined) {
    return outermost?.type === 'array'
  }
  return outermost?.key === instancesKey && second.type === 'array' && open.length === 2
}
