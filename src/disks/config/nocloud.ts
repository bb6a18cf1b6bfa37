import type {ConfigDiskKind, ConfigSource, ConfigVolume} from '../../contract/config-disk.js'
import {isJsonObject, type JsonObject, type JsonValue} from '../../contract/json-value.js'
import {UsageError} from '../../errors/errors.js'
import {didYouMean} from '../../text/nearest.js'
import {quoted} from '../../text/printable.js'
import {chosenDrive} from './drives.js'

/** What a config may hold, each with what may stand there. */
const parts = new Map([
  ['user-data', 'text, such as "#!/bin/sh\\n…", or an object, which becomes a #cloud-config'],
  ['meta-data', 'an object, which is added to the instance-id and the local-hostname'],
  ['network-config', 'text or an object'],
])

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

    if (!(isJsonObject(value) || (typeof value === 'string' && name !== 'meta-data'))) {
      throw new UsageError(`config-disk "nocloud" cannot use ${quoted(name)} of the config as it is`, {
        hint: `It must be ${wanted}.`,
      })
    }
  }
}

function seed({name, run, config}: ConfigSource): ConfigVolume {
  const {'user-data': userData = {}, 'meta-data': metaData, 'network-config': networkConfig} = config
  return {
    label: 'cidata',
    files: [
      {name: 'meta-data', content: asYaml({...namesOf(name, run), ...(isJsonObject(metaData) && metaData)})},
      {
        name: 'user-data',
        content: isJsonObject(userData) ? `#cloud-config\n${asYaml(userData)}` : asYaml(userData),
      },
      ...(networkConfig === undefined ? [] : [{name: 'network-config', content: asYaml(networkConfig)}]),
    ],
  }
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
