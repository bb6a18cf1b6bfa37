import type {Plugin} from '../contract/plugin.js'
import {cdrom, virtioBlk} from '../disks/config/drives.js'
import {nocloud} from '../disks/config/nocloud.js'
import {env, file} from '../instances/placeholders/sources.js'
import {aarch64} from './architectures/aarch64.js'
import {x86_64} from './architectures/x86-64.js'
import {definePlugin} from './define-plugin.js'
import {ownSteps} from './own-steps.js'

/** What vmrun brings along. */
export const builtIn: Plugin = {
  apiVersion: 1,
  architectures: [x86_64, aarch64],
  configDisks: [cdrom, virtioBlk, nocloud],
  steps: ownSteps,
  placeholders: [env, file],
}

/** Called by oclif's hook, as any plugin's. */
export const builtInPlugin = definePlugin(builtIn)
