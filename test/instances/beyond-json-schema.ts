import {isJsonObject, type JsonObject, type JsonValue} from '../../src/contract/json-value.js'

/** What vmrun refuses of an instance although its JSON Schema does not: what that has no words for, and nothing else. */
export const beyondJsonSchema: readonly {
  readonly what: string
  readonly example: JsonObject
  readonly applies: (instance: JsonObject) => boolean
}[] = [
  {
    what: 'a port that leads to a guest without a network card',
    example: {network: 'none', 'ssh-port': 2222},
    applies: ({network, 'ssh-port': port}) => network === 'none' && port !== undefined,
  },
  {
    what: 'a size of more bytes than a number holds exactly',
    example: {ram: '8192T'},
    applies: ({ram, 'root-disk': disk}) => [ram, disk].some(isTooLarge),
  },
  {
    what: 'a config that is nested too deep',
    example: {config: {tree: JSON.parse(`${'['.repeat(600)}${']'.repeat(600)}`)}},
    // The instance is in an array itself, and that may be in an object.
    applies: instance => depthOf(instance) > 495,
  },
]

function depthOf(value: JsonValue | undefined): number {
  return typeof value === 'object' && value !== null
    ? 1 + Math.max(0, ...Object.values<JsonValue>(value).map(depthOf))
    : 0
}

/** Whether one of the instances of a file is such a one. */
export function isBeyondJsonSchema(file: unknown): boolean {
  const instances: unknown = isJsonObject(file) ? file['instances'] : file
  return (
    Array.isArray(instances) &&
    instances.filter(isJsonObject).some(instance => beyondJsonSchema.some(({applies}) => applies(instance)))
  )
}

function isTooLarge(size: unknown): boolean {
  const {count = '', unit = ''} =
    /^(?<count>[1-9]\d*)(?<unit>[KMGT])$/u.exec(typeof size === 'string' ? size : '')?.groups ?? {}
  return BigInt(count) * 1024n ** BigInt('KMGT'.indexOf(unit) + 1) > BigInt(Number.MAX_SAFE_INTEGER)
}
