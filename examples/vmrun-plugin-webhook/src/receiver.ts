import {type InstanceKey, z} from 'vmrun'

/** Who is told how runs of an instance end. */
export interface Receiver {
  /** Whoever knows it can post there: it is not for messages. */
  readonly url: string
  /** Its name alone, for messages. */
  readonly host: string
}

// Where an error's message begins with "must", vmrun adds what stands there instead: this one may be a secret.
const expected = 'expected a URL that begins with https:// or http:// and has no user name and no password'

const schema = z
  .strictObject(
    {url: z.string({error: expected}).refine(isAcceptable, {error: expected})},
    {error: ({code}) => (code === 'invalid_type' ? 'expected an object with a url' : undefined)},
  )
  .optional()
  .meta({
    description: 'Where to post how a run ended, as JSON. Default: nowhere.',
    examples: [{url: 'https://ci.example.com/vmrun'}],
  })

/** The key of an instance that names its receiver. */
export const receiverKey: InstanceKey = {name: 'webhook', schema}

/** @param contributed what a run's instance has for the keys of plugins */
export function receiverOf(contributed: Readonly<Record<string, unknown>>): Receiver | undefined {
  const found = schema.parse(contributed[receiverKey.name])
  return found && {url: found.url, host: new URL(found.url).hostname}
}

/** `fetch` refuses a URL with credentials in it, and would show them. */
function isAcceptable(text: string): boolean {
  if (!URL.canParse(text)) {
    return false
  }

  const {protocol, username, password} = new URL(text)
  return ['http:', 'https:'].includes(protocol) && username === '' && password === ''
}
