import type {ZodType} from 'zod'
import {messageOf} from '../thrown.js'

/**
 * The same schema, but one that throws, or that turns out to be asynchronous, is an issue of the value that it was asked
 * about. Made by the means that zod has for libraries (zod.dev/packages/core, `_zod.run`).
 */
export function guardedSchema(schema: ZodType): ZodType {
  const run: ZodType['_zod']['run'] = (payload, context) => {
    try {
      const result = schema._zod.run(payload, {...context, async: true})
      if (!(result instanceof Promise)) {
        return result
      }

      // Nobody waits for it.
      result.catch(() => undefined)
      payload.issues.push(unchecked(payload.value, 'its schema is asynchronous'))
    } catch (error) {
      payload.issues.push(unchecked(payload.value, messageOf(error)))
    }

    return payload
  }
  return Object.create(schema, {_zod: {value: Object.create(schema._zod, {run: {value: run}})}})
}

function unchecked(input: unknown, why: string) {
  return {code: 'custom' as const, message: `could not be checked: ${why}`, input, path: []}
}
