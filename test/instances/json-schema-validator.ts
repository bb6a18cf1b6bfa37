import {Ajv2020, type ValidateFunction} from 'ajv/dist/2020.js'
import type {JsonSchema} from '../../src/instances/json-schema.js'

/** Checks values by a JSON Schema as other people's programs do, which take nothing in it that they do not know. */
export function validator(schema: JsonSchema): ValidateFunction {
  return new Ajv2020({strict: true, allowUnionTypes: true, allErrors: true}).compile(schema)
}
