import {stringsIn} from '../../instances/config-strings.js'
import {formatKeyPath, type KeyPath} from '../../instances/key-path.js'
import {parsePlaceholders, type Segment} from '../../instances/placeholder-syntax.js'
import {describeUnknownFunction} from '../../instances/unknown-function.js'
import type {Registry} from '../../plugins/registry.js'
import {checkOf, type Found} from '../check.js'

/** Placeholders have to be written as such, and to name a function that there is. None is resolved. */
export const checkPlaceholders = checkOf(['config'], ({config}, registry) =>
  Array.from(stringsIn(config))
    .filter(({text}) => text.includes('{{'))
    .flatMap(({text, path}) => parsePlaceholders(text).flatMap(segment => lookAt(segment, path, registry))),
)

function lookAt(segment: Segment, at: KeyPath, registry: Registry): readonly Found[] {
  if (typeof segment === 'string') {
    return []
  }
  const key = formatKeyPath(at)
  if ('fault' in segment) {
    const hint = 'write ${{ NAME:ARGUMENT }}, or $${{ where the text ${{ itself is meant'
    return [{rule: 'vmrun/malformed-placeholder', message: `${key}: ${segment.fault}`, hint, at}]
  }
  const {source} = segment
  if (registry.placeholders.has(source)) {
    return []
  }
  const doubt = registry.doubtOfPlaceholder(source)
  const {message, hint} = describeUnknownFunction(
    source,
    Array.from(registry.placeholders.keys()),
    () => doubt,
  )
  return [
    {
      rule: 'vmrun/unknown-placeholder',
      message: `${key}: ${message}`,
      hint,
      at,
      ...(doubt !== undefined && {isDoubtful: true}),
    },
  ]
}
