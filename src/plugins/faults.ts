import type {z} from 'zod'

/** How zod begins what it has to say of most values. */
const generalities = /^Invalid input: /u

/** Everything in which a value departs from a schema, by contribution and member: `steps[0] "mount": run: …`. */
export function faultsOf(schema: z.ZodType, value: unknown): readonly string[] {
  const {error} = schema.safeParse(value)
  return (error?.issues ?? []).flatMap(issue => {
    const where = describePath(issue.path, value)
    const faults =
      issue.code === 'unrecognized_keys'
        ? issue.keys.map(key => `the member ${key} is not known`)
        : [issue.message.replace(generalities, '')]
    return faults.map(fault => (where === '' ? fault : `${where}: ${fault}`))
  })
}

/** `architectures[0] "s390x": devices.disk.driver` */
function describePath(path: readonly PropertyKey[], value: unknown): string {
  const [list, index, ...rest] = path
  if (list === undefined || typeof index !== 'number') {
    return path.map(String).join('.')
  }

  const name = memberOf(memberOf(memberOf(value, list), index), 'name')
  const label = `${String(list)}[${index}]${typeof name === 'string' ? ` "${name}"` : ''}`
  return rest.length === 0 ? label : `${label}: ${rest.map(String).join('.')}`
}

function memberOf(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}
