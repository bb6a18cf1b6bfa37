import type {JsonObject} from '../contract/json-value.js'
import {absolutePath, pathIn} from '../host/path-in.js'
import {parsePlaceholders, placeholderStringsIn} from '../instances/placeholders/placeholders.js'
import type {OpenedInstance} from '../validation/open-instance.js'

/** What an instance was read from, and what all in its file are made of, by absolute paths: no output may be one of them. */
export function inputFiles({file: source, jobConfig = source.path}: OpenedInstance): readonly string[] {
  const {path, directory, instances} = source
  const files = instances.flatMap(({image, 'backing-files': backing = [], config}) => [
    image,
    ...backing,
    ...filesIn(config).map(file => pathIn(directory, file)),
  ])
  return [...new Set([absolutePath(path), absolutePath(jobConfig), ...files])]
}

/** What placeholders in a config read, as they name it. */
function filesIn(config: JsonObject): readonly string[] {
  return Array.from(placeholderStringsIn(config))
    .flatMap(({text}) => Array.from(parsePlaceholders(text)))
    .flatMap(one => (typeof one === 'object' && 'source' in one && one.source === 'file' ? one.argument : []))
}
