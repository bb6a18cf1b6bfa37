import {isRecord} from '../is-record.js'
import type {PluginFault, PluginPackage} from './loaded-plugin.js'

/** The version of the contract in contract.ts. */
const apiVersion = 1

/** Why a plugin's definition cannot be read as one of this contract's version; undefined where it can. */
export function foreignApiVersion(definition: unknown, {needs}: PluginPackage): PluginFault | undefined {
  if (!isRecord(definition)) {
    return {
      message: 'its hook gives no definition',
      hint: "Its author: export default definePlugin({apiVersion: 1, …}) from the module of the hook 'vmrun:plugin'.",
    }
  }

  const {apiVersion: found} = definition
  if (found === apiVersion) {
    return
  }

  if (typeof found !== 'number' || !Number.isInteger(found) || found < 1) {
    return {message: `apiVersion: expected ${apiVersion}`}
  }

  return {
    message: `it is written for version ${found} of vmrun's plugin interface, and this vmrun has version ${apiVersion}`,
    hint: `Install a newer vmrun${needs === undefined ? '' : ` (the plugin asks for ${needs})`}, or an older version of the plugin.`,
  }
}
