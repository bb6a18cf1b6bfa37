import path from 'node:path'
import prettyBytes from 'pretty-bytes'
import {durationText} from '../text/duration.js'
import {printable} from '../text/printable.js'
import type {ListedInstance} from '../validation/open-instance.js'
import {padded, widest} from './columns.js'

const header = ['NAME', 'ARCH', 'IMAGE', 'TIMEOUT', 'CORES', 'RAM']

/** The instances as a table for people. */
export function instanceTable(instances: readonly ListedInstance[]): string {
  const rows = [header, ...instances.map(instance => cellsOf(instance).map(printable))]
  const widths = header.map((_, column) => widest(rows.map(cells => cells[column] ?? '')))
  const lines = rows.map(cells => cells.map((cell, column) => padded(cell, widths[column] ?? 0)).join('  '))
  return lines.map(line => line.trimEnd()).join('\n')
}

function cellsOf(instance: ListedInstance): readonly string[] {
  const {name, arch, image, imageState, ram} = instance
  const state =
    imageState.state === 'qcow2' ? prettyBytes(imageState.virtualSize, {binary: true}) : imageState.state
  return [
    ...[name, arch, `${path.basename(image)} (${state})`],
    ...[durationText(instance['timeout-seconds']), String(instance['cpu-cores']), ram],
  ]
}
