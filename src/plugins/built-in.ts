import {aarch64} from '../architectures/aarch64.js'
import {x86_64} from '../architectures/x86-64.js'
import {cdrom} from '../config-disks/cdrom.js'
import {nocloud} from '../config-disks/nocloud.js'
import {virtioBlk} from '../config-disks/virtio-blk.js'
import type {Plugin} from '../contract.js'
import {env} from '../placeholders/env.js'
import {file} from '../placeholders/file.js'
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
