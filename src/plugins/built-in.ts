import {aarch64} from '../architectures/aarch64.js'
import {x86_64} from '../architectures/x86-64.js'
import {cdrom} from '../config-disks/cdrom.js'
import type {Contribution} from './contribution.js'

/** What vmrun brings along. */
export const builtIn: Contribution = {architectures: [x86_64, aarch64], configDisks: [cdrom]}
