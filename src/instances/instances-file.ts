import {dirname, resolve} from 'node:path'
import type {Span} from '../json/fault.js'
import {LineIndex} from '../json/line-index.js'
import {readTree} from '../json/tree.js'
import {type CheckedText, checkText} from './check-text.js'
import type {CheckedEntry} from './checked-entry.js'
import type {Instance} from './instance.js'
import type {KeyPath} from './key-path.js'
import {placeProblem} from './place-problem.js'
import type {Finding, Problem} from './problem.js'
import {shownFindings} from './problem-limit.js'
import type {InstanceFormat} from './schema.js'
import {spanOfValue} from './source-places.js'
import {readSourceText} from './source-text.js'

/** What an instances file says, and what is wrong with it. */
export interface InstancesFile {
  /** As the user named it. */
  readonly path: string
  /** Absolute; what the paths in the file are relative to. */
  readonly directory: string
  /** What it holds; empty where it cannot be read. */
  readonly text: string
  /** The entries that hold, in the file's order, each name once. */
  readonly instances: readonly Instance[]
  /** The same entries, and those of which something does not hold. */
  readonly entries: readonly CheckedEntry[]
  /** What is wrong, in the file's order; of very much only the first part. */
  readonly problems: readonly Problem[]
  /**
   * What to point at in the text for the value at `path` of an entry. A value that the file does not hold, such as a
   * default, stands where its entry does.
   */
  readonly span: (entry: CheckedEntry, ...path: KeyPath) => Span
  /** The same with what was found later. */
  readonly problemsWith: (found: readonly Finding[]) => readonly Problem[]
}

/**
 * Reads and checks the instances file `path`. Rejects for nothing that the file holds, not even for a missing file:
 * all of that is in `problems`.
 */
export async function readInstancesFile(path: string, format: InstanceFormat): Promise<InstancesFile> {
  const directory = dirname(resolve(path))
  const {text, isWhole, findings} = await readSourceText(path)
  const checked = isWhole ? checkText(text, directory, format) : nothing
  const lines = new LineIndex(text)
  const own = [...findings, ...checked.findings]
  const problemsWith = (found: readonly Finding[]) =>
    shownFindings([...own, ...found].toSorted(byPlace)).map(finding => placeProblem(finding, path, lines))
  const treeAt = lastKept((start: number) => readTree(text, start))
  return {
    path,
    directory,
    text,
    instances: checked.entries.flatMap(({instance}) => instance ?? []),
    entries: checked.entries,
    problems: problemsWith([]),
    span: ({start}, ...keyPath) => spanOfValue(treeAt(start), keyPath),
    problemsWith,
  }
}

/** Makes nothing twice in a row: what is found in a file is found entry by entry. */
function lastKept<Key, Thing>(make: (key: Key) => Thing): (key: Key) => Thing {
  let last: {readonly key: Key; readonly thing: Thing} | undefined
  return key => {
    if (last?.key !== key) {
      last = {key, thing: make(key)}
    }
    return last.thing
  }
}

const nothing: CheckedText = {entries: [], findings: []}

function byPlace({span: one}: Finding, {span: other}: Finding): number {
  return (one?.start ?? 0) - (other?.start ?? 0)
}
