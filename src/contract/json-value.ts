/** A value as JSON knows it. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject

/** An object as JSON knows it: every key is data, `__proto__` included. */
export interface JsonObject {
  readonly [key: string]: JsonValue
}

/** Whether a value is an object with keys, neither null nor an array. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The same for a value that came from JSON. */
export function isJsonObject(value: unknown): value is JsonObject {
  return isRecord(value)
}
