import path from 'node:path'
import prettyBytes from 'pretty-bytes'
import stringWidth from 'string-width'
import {durationText} from '../text/duration.js'
import {printable} from '../text/printable.js'
import type {ImageState, ListedInstance} from '../validation/list-instances.js'
import {padded} from './padded.js'

const header = ['NAME', 'ARCH', 'IMAGE', 'TIMEOUT', 'CORES', 'RAM']
const gap = '  '

/** The instances as a table for people. */
export function instanceTable(instances: readonly ListedInstance[]): string {
  const rows = [header, ...instances.map(instance => row(instance).map(printable))]
  const widths = header.map((_, column) =>
    rows.reduce((widest, cells) => Math.max(widest, stringWidth(cells[column] ?? '')), 0),
  )
  return rows
    .map(cells =>
      cells
        .map((cell, column) => padded(cell, widths[column] ?? 0))
        .join(gap)
        .trimEnd(),
    )
    .join('\n')
}

function row(instance: ListedInstance): readonly string[] {
  return [
    instance.name,
    instance.arch,
    `${path.basename(instance.image)} (${imageText(instance.imageState)})`,
    durationText(instance['timeout-seconds']),
    String(instance['cpu-cores']),
    instance.ram,
  ]
}

function imageText(image: ImageState): string {
  switch (image.state) {
    case 'qcow2':
      return prettyBytes(image.virtualSize, {binary: true})
    case 'missing':
      return 'missing'
    case 'unusable':
      return 'unusable'
  }
}
