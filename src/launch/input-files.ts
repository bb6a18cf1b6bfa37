import type {JsonObject} from '../contract/json-value.js'
import {absolutePath, pathIn} from '../host/path-in.js'
import {parsePlaceholders, placeholderStringsIn} from '../instances/placeholders/placeholders.js'
import type {OpenedInstance} from '../validation/open-instance.js'

/**
 * What an instance was opened from, and the files that all instances of its file are made of, by absolute paths: no output may
 * be one of them.
 */
export function inputFiles({file, jobConfig}: OpenedInstance): readonly string[] {
  const {path, directory, instances} = file
  const files = instances.flatMap(({image, 'backing-files': backing = [], config}) => [
    image,
    ...backing,
    ...filesIn(config).map(name => pathIn(directory, name)),
  ])
  return [...new Set([...[path, jobConfig ?? []].flat().map(absolutePath), ...files])]
}

/** What placeholders in a config read, as they name it. */
function filesIn(config: JsonObject): readonly string[] {
  return Array.from(placeholderStringsIn(config))
    .flatMap(({text}) => Array.from(parsePlaceholders(text)))
    .flatMap(one => (typeof one === 'object' && 'source' in one && one.source === 'file' ? one.argument : []))
}
