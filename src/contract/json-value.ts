/** A value as JSON knows it. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject

/** An object as JSON knows it: every key is data, `__proto__` included. */
export interface JsonObject {
  readonly [key: string]: JsonValue
}

/** Whether `value`, which came from JSON, is an object. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
