import fc, {type Arbitrary} from 'fast-check'
import type {JsonValue} from '../../../src/contract/json-value.js'
import {anyText, jsonValue} from '../../arbitraries.js'

/** Any JSON, most of which has keys of QMP's with values of any shape. */
export const oddMessage: Arbitrary<JsonValue | object> = fc.oneof(
  jsonValue,
  fc.record(
    {
      id: fc.oneof(fc.nat(5), jsonValue),
      return: jsonValue,
      error: fc.oneof(jsonValue, fc.record({desc: jsonValue}), fc.constant({desc: {toString: 0}})),
      event: fc.oneof(anyText, jsonValue),
      data: jsonValue,
      QMP: jsonValue,
    },
    {requiredKeys: [], noNullPrototype: true},
  ),
)
