import type {ConfigDiskKind, ConfigSource, ConfigVolume} from '../../contract/config-disk.js'
import {isJsonObject, type JsonObject, type JsonValue} from '../../contract/json-value.js'
import {UsageError} from '../../errors/errors.js'
import {didYouMean} from '../../text/nearest.js'
import {quoted} from '../../text/printable.js'
import {chosenDrive} from './drives.js'

/** What a config may hold, each with what may stand there. */
const parts = new Map([
  [
    'user-data',
    'text, such as "#!/bin/sh\\n…", an object, which becomes a #cloud-config, or an array of such texts and objects',
  ],
  ['meta-data', 'an object, which is added to the instance-id and the local-hostname'],
  ['network-config', 'text or an object'],
])

/** How cloud-init merges a part into those before it: by itself it would take a later `runcmd` for the only one. */
// biome-ignore lint/security/noSecrets: words of cloud-init's
export const appending = 'list(append)+dict(no_replace,recurse_list)+str()'

/** Labels of a host's name, joined by dots: RFC 1123, section 2.1. */
const hostname =
  /^(?!.{254})[\dA-Za-z](?:[\dA-Za-z-]{0,61}[\dA-Za-z])?(?:\.[\dA-Za-z](?:[\dA-Za-z-]{0,61}[\dA-Za-z])?)*$/u

/**
 * A seed for cloud-init's data source NoCloud, so that a stock cloud image runs as it is
 * (cloudinit.readthedocs.io, "NoCloud").
 */
export const nocloud: ConfigDiskKind = {
  name: 'nocloud',
  configure: (choice, architecture, config) => {
    checkParts(config)
    const drive = chosenDrive(choice, architecture, ['scsi', 'ide', 'virtio-blk'])
    return {...drive, title: `cloud-init seed, ${drive.title}`, content: seed}
  },
}

function checkParts(config: JsonObject): void {
  const names = Array.from(parts.keys())
  for (const [name, value] of Object.entries(config)) {
    const wanted = parts.get(name)
    if (wanted === undefined) {
      throw new UsageError(`config-disk "nocloud" does not know ${quoted(name)} in the config`, {
        hint: didYouMean(name, names) ?? `It takes ${names.join(', ')}, as cloud-init does.`,
      })
    }

    if (!(name === 'user-data' && isArray(value) ? value : [value]).every(part => isUsable(name, part))) {
      throw new UsageError(`config-disk "nocloud" cannot use ${quoted(name)} of the config as it is`, {
        hint: `It must be ${wanted}.`,
      })
    }
  }
}

function isUsable(name: string, value: JsonValue): boolean {
  return isJsonObject(value) || (typeof value === 'string' && name !== 'meta-data')
}

function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}

function seed({name, run, config}: ConfigSource): ConfigVolume {
  const {'user-data': userData = {}, 'meta-data': metaData, 'network-config': networkConfig} = config
  return {
    label: 'cidata',
    files: [
      {name: 'meta-data', content: asYaml({...namesOf(name, run), ...(isJsonObject(metaData) && metaData)})},
      {name: 'user-data', content: userDataOf(userData)},
      ...(networkConfig === undefined ? [] : [{name: 'network-config', content: asYaml(networkConfig)}]),
    ],
  }
}

/** Parts are an archive (cloudinit.readthedocs.io, "Cloud config archive"), whose entries may have a MIME part's headers. */
function userDataOf(value: JsonValue): string {
  if (isArray(value)) {
    const entries = value.map(part => ({content: userDataOf(part), 'Merge-Type': appending}))
    return `#cloud-config-archive\n${asYaml(entries)}`
  }

  return isJsonObject(value) ? `#cloud-config\n${asYaml(value)}` : asYaml(value)
}

/** By another instance-id cloud-init knows a first boot, also of an image that it has prepared before. */
function namesOf(name: string, run: string | undefined): JsonObject {
  const id = run === undefined ? name : `${name}-${run}`
  return {'instance-id': id, ...(hostname.test(name) && {'local-hostname': name})}
}

/** JSON is YAML too. Text is what it is already. */
function asYaml(value: JsonValue): string {
  return typeof value === 'string' ? value : `${JSON.stringify(value)}\n`
}
