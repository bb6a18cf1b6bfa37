import {placeholderStringsIn} from '../../instances/config-strings.js'
import type {Instance} from '../../instances/instance.js'
import {formatKeyPath, type KeyPath} from '../../instances/key-path.js'
import {parsePlaceholders, type Segment} from '../../instances/placeholder-syntax.js'
import {firstFindings} from '../../instances/problem-limit.js'
import {describeUnknownFunction} from '../../instances/unknown-function.js'
import type {Registry} from '../../plugins/registry.js'
import type {RuleId} from '../../rules.js'
import {checkOf, type Found} from '../check.js'

/** Placeholders have to be written as such, and to name a function that there is. None is resolved. */
export const checkPlaceholders = checkOf(['config'], ({config}, registry) =>
  firstFindings(mistakesIn(config, registry)),
)

function* mistakesIn(config: Instance['config'], registry: Registry): Generator<Found> {
  for (const {text, path} of placeholderStringsIn(config)) {
    for (const segment of parsePlaceholders(text)) {
      yield* lookAt(segment, path, registry)
    }
  }
}

function lookAt(segment: Segment, path: () => KeyPath, registry: Registry): readonly Found[] {
  if (typeof segment === 'string') {
    return []
  }
  if ('fault' in segment) {
    const hint = 'write ${{ NAME:ARGUMENT }}, or $${{ where the text ${{ itself is meant'
    return [found('vmrun/malformed-placeholder', path(), segment.fault, hint)]
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
  const unknown = found('vmrun/unknown-placeholder', path(), message, hint)
  return [{...unknown, ...(doubt !== undefined && {isDoubtful: true})}]
}

function found(rule: RuleId, at: KeyPath, what: string, hint: string | undefined): Found {
  return {rule, message: `${formatKeyPath(at)}: ${what}`, hint, at}
}
