// What `vmrun schema` prints where no plugin is installed, for the package: editors find it there.
import {writeFile} from 'node:fs/promises'
import code from '../dist/vmrun.cjs'

const schema = code['instances/json-schema'].fileJsonSchema([])
await writeFile(
  new URL('../instances.schema.json', import.meta.url),
  `${JSON.stringify(schema, undefined, 2)}\n`,
)
