import type {JsonObject} from '../contract/json-value.js'
import {absolutePath, pathIn} from '../host/path-in.js'
import type {InstancesFile} from '../instances/instances-file.js'
import {parsePlaceholders, placeholderStringsIn} from '../instances/placeholders/placeholders.js'

/** An instances file, and the files that its instances are made of, by absolute paths: no output may be one of them. */
export function inputFiles({path, directory, instances}: InstancesFile): readonly string[] {
  const files = instances.flatMap(({image, 'backing-files': backing = [], config}) => [
    image,
    ...backing,
    ...filesIn(config).map(file => pathIn(directory, file)),
  ])
  return [...new Set([absolutePath(path), ...files])]
}

/** What placeholders in a config read, as they name it. */
function filesIn(config: JsonObject): readonly string[] {
  return Array.from(placeholderStringsIn(config))
    .flatMap(({text}) => Array.from(parsePlaceholders(text)))
    .flatMap(one => (typeof one === 'object' && 'source' in one && one.source === 'file' ? one.argument : []))
}
