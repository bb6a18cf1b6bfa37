import * as z from 'zod'

/** The members that a schema knows of the object at `path` in a value; none where it knows of no such object. */
export function knownMembers(
  schema: z.core.$ZodType | undefined,
  path: readonly PropertyKey[],
): readonly string[] {
  const [key, ...rest] = path
  if (schema instanceof z.ZodOptional) {
    return knownMembers(schema.unwrap(), path)
  }

  if (schema instanceof z.ZodArray) {
    return key === undefined ? [] : knownMembers(schema.element, rest)
  }

  if (!(schema instanceof z.ZodObject)) {
    return []
  }

  return key === undefined ? Object.keys(schema.shape) : knownMembers(schema.shape[String(key)], rest)
}
