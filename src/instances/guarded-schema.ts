import * as z from 'zod'
import {messageOf} from '../thrown.js'

type Run = z.ZodType['_zod']['run']
type Context = Parameters<Run>[1]

/**
 * The same schema, but one that throws, that turns out to be asynchronous, or that makes of a value what cannot be told
 * in JSON, is an issue of the value that it was asked about, and names its plugin. Made by the means that zod has for
 * libraries (zod.dev/packages/core, `_zod.run`). Its parameter `isDoubtful` says that the value may be right.
 */
export function guardedSchema(schema: z.ZodType, plugin: string): z.ZodType {
  const unchecked = (input: unknown, why: string) => ({
    code: 'custom' as const,
    message: `could not be checked by ${plugin}: ${why}`,
    params: {isDoubtful: true},
    input,
    path: [],
  })
  const run: Run = (payload, context) => {
    const {value: input} = payload
    try {
      const result = schema._zod.run(payload, {...context, async: true})
      if (!(result instanceof Promise)) {
        JSON.stringify(result.value)
        // Nothing in the file tells why a key is needed that is not there.
        const source = input === undefined ? `, says ${plugin}` : ''
        result.issues = result.issues.map(issue => ({...issue, message: wordsOf(issue, context) + source}))
        return result
      }

      // Nobody waits for it.
      result.catch(() => undefined)
      payload.issues = [unchecked(input, 'its schema is asynchronous')]
    } catch (error) {
      payload.issues = [unchecked(input, messageOf(error))]
    }

    return payload
  }
  const internals = Object.create(schema._zod, {
    run: {value: run},
    // By it, zod finds what the schema says of itself.
    parent: {value: schema},
    // What a schema has of its own is bound to that very schema; without it, zod goes by the type.
    processJSONSchema: {value: undefined},
  })
  return Object.create(schema, {_zod: {value: internals}})
}

/** Zod would ask the schema for them later, and go on with whatever it then gives. */
function wordsOf(issue: z.core.$ZodRawIssue, context: Context): string {
  return String(z.core.util.finalizeIssue(issue, context, z.core.config()).message)
}
