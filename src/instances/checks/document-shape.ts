import {type JsonNode, type Member, meaningOf, type ObjectNode} from '../../json/node.js'
import {didYouMean, nearest} from '../../text/nearest.js'
import {quoted} from '../../text/printable.js'
import {describeType} from '../describe-value.js'
import {documentKeys} from '../file-schema.js'
import {formatKeyPath} from '../key-path.js'
import type {Finding} from '../problem.js'
import {firstFindings, mostProblems} from '../problem-limit.js'
import {ownKeyNames} from '../schema.js'
import {childAt, headOf} from '../source-places.js'
import {findDuplicateKeys} from './duplicate-keys.js'

const known = Object.keys(documentKeys)

/**
 * What is wrong with an instances file as a whole: it has to be an array of instances, or an object that has one.
 *
 * @param root what the file is, without its entries
 * @param count how many entries there are
 */
export function checkDocumentShape(root: JsonNode, text: string, count: number): readonly Finding[] {
  if (root.type === 'array') {
    return emptiness(root, count)
  }
  if (root.type === 'scalar' || root.members.some(({key}) => ownKeyNames.includes(key))) {
    return [notInstances(root, text)]
  }
  const found = [
    ...firstFindings(findDuplicateKeys(root)),
    ...firstFindings(memberFindings(root, text)),
    ...missingInstances(root),
  ]
  const instances = childAt(root, 'instances')
  return found.length > 0 || instances === undefined ? found : emptiness(instances, count)
}

/** A key that is nearly it is told already. */
function missingInstances(root: ObjectNode): readonly Finding[] {
  const isThere = root.members.slice(0, mostProblems).some(({key}) => nearest(key, known) === 'instances')
  const message = 'instances is missing: it must be an array of instances'
  const hint = 'write {"instances": [{…}]}'
  return isThere
    ? []
    : [{rule: 'vmrun/missing-key', severity: 'error', message, hint, key: 'instances', span: headOf(root)}]
}

function* memberFindings({members}: ObjectNode, text: string): Generator<Finding> {
  for (const member of members) {
    const {key, value} = member
    if (!known.includes(key)) {
      yield unknownKey(member)
    } else if (key === 'instances' && value.type !== 'array') {
      yield notInstances(value, text, key)
    } else if (key === '$schema' && typeof meaningOf(value, text) !== 'string') {
      yield schemaNoString(value)
    }
  }
}

function unknownKey({key, keySpan}: Member): Finding {
  return {
    rule: 'vmrun/unknown-key',
    severity: 'error',
    message: `unknown key ${quoted(key)} beside "instances"`,
    hint: didYouMean(key, known) ?? `the keys of the file are ${known.join(' and ')}`,
    key: formatKeyPath([key]),
    span: keySpan,
  }
}

function notInstances(node: JsonNode, text: string, key?: string): Finding {
  const message = `${key ?? 'the file'} must ${key === undefined ? 'hold' : 'be'} an array of instances, not ${typeOf(node, text)}`
  const hint = 'write [{…}], even for one instance'
  return {rule: 'vmrun/not-instances', severity: 'error', message, hint, key, span: headOf(node)}
}

function schemaNoString(node: JsonNode): Finding {
  const message = '$schema must be a string: the path or URL of a JSON Schema'
  return {rule: 'vmrun/invalid-value', severity: 'error', message, key: '$schema', span: headOf(node)}
}

function emptiness(node: JsonNode, count: number): readonly Finding[] {
  const message = 'the file holds no instance'
  return count === 0 ? [{rule: 'vmrun/no-instances', severity: 'warning', message, span: headOf(node)}] : []
}

/** Of an object or an array not everything is in the tree, and its type is all that is told. */
function typeOf(node: JsonNode, text: string): string {
  switch (node.type) {
    case 'object':
      return 'an object'
    case 'array':
      return 'an array'
    case 'scalar':
      return describeType(meaningOf(node, text))
  }
}
