import {type ZodType, z} from 'zod'
import {messageOf} from '../thrown.js'

/**
 * The same schema, but one that throws, or that turns out to be asynchronous, is an issue of the value that it was asked
 * about, and names its plugin. Made by the means that zod has for libraries (zod.dev/packages/core, `_zod.run`).
 */
export function guardedSchema(schema: ZodType, plugin: string): ZodType {
  const unchecked = (input: unknown, why: string) => ({
    code: 'custom' as const,
    message: `could not be checked by ${plugin}: ${why}`,
    input,
    path: [],
  })
  const run: ZodType['_zod']['run'] = (payload, context) => {
    try {
      const result = schema._zod.run(payload, {...context, async: true})
      if (!(result instanceof Promise)) {
        result.issues = result.issues.map(issue => ({...issue, message: wordsOf(issue, context)}))
        return result
      }

      // Nobody waits for it.
      result.catch(() => undefined)
      payload.issues = [unchecked(payload.value, 'its schema is asynchronous')]
    } catch (error) {
      payload.issues = [unchecked(payload.value, messageOf(error))]
    }

    return payload
  }
  // By its parent, zod finds what the schema says of itself.
  const internals = Object.create(schema._zod, {run: {value: run}, parent: {value: schema}})
  return Object.create(schema, {_zod: {value: internals}})
}

/** Zod would ask the schema for them later, and go on with whatever it then gives. */
function wordsOf(issue: z.core.$ZodRawIssue, context: z.core.ParseContextInternal): string {
  return String(z.core.util.finalizeIssue(issue, context, z.core.config()).message)
}
