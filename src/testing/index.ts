/** Suites for vitest by which the author of a plugin finds out whether vmrun's users can rely on what it contributes. */
export {type ArchitectureOptions, describeArchitecture} from './describe-architecture.js'
export {type ConfigDiskOptions, describeConfigDisk} from './describe-config-disk.js'
export {describeStep, type StepOptions} from './describe-step.js'
