import type {ZodType} from 'zod'
import type {Architecture} from './architecture.js'
import type {ConfigDiskKind} from './config-disk.js'
import type {PlacedStep} from './step.js'

/**
 * The contract between vmrun and whatever extends it: everything that a plugin may hold, and everything that it is
 * handed. The architectures, config disks, steps and placeholders that vmrun brings along are written against it too.
 *
 * What holds for every function of a plugin:
 * - It is called with the plugin's own object as `this`.
 * - A UsageError, HostError or GuestError that it throws, or rejects with, is shown as it is: message and hint. Any
 *   other is shown as the plugin's failure, by its message where nothing else is said, and counts as a HostError.
 * - It prints nothing. What it has to say it returns, throws, or tells by `run.emit`.
 * - Nothing that it throws, or rejects with, keeps anything else from being cleaned up, and no other plugin from working.
 *   What it throws where nobody waits for it, in a timer of its own or a listener of `machine.on`, is told, and changes
 *   nothing.
 *
 * What one plugin adds to vmrun is checked when it is loaded: a member that does not hold, or is not known, refuses all of
 * it. Names are letters, digits, `_`, `-` and `.`, where nothing else is said.
 */
export interface Plugin {
  /** The version of this contract that the plugin was written for. */
  readonly apiVersion: 1
  readonly architectures?: readonly Architecture[]
  readonly configDisks?: readonly ConfigDiskKind[]
  readonly steps?: readonly PlacedStep[]
  readonly placeholders?: readonly Placeholder[]
  readonly instanceKeys?: readonly InstanceKey[]
}

/** A function for `${{ name:argument }}` in the strings of a config. */
export interface Placeholder {
  /** Letters, digits, `_` and `-`, a letter first. Unique among all plugins. */
  readonly name: string
  /**
   * Finds out the text that a placeholder with this argument stands for. Called by `run` and `build-iso` before
   * anything is made, once for each argument however often it stands in the config, and given up after 60 seconds.
   *
   * @throws a UsageError or HostError whose message says what was looked for and why it was not found, and holds no
   *   secret. Of any other error only the class is shown, as it may hold one.
   */
  resolve(argument: string, surroundings: PlaceholderSurroundings): Promise<string>
}

/** What placeholders are resolved from. */
export interface PlaceholderSurroundings {
  /** The environment of vmrun. */
  readonly environment: NodeJS.ProcessEnv
  /** Absolute: the directory of the instances file, which paths are relative to. */
  readonly directory: string
}

/** A further key of an instance: `validate`, `list`, `schema`, `--help` and every error treat it as one of vmrun's own. */
export interface InstanceKey {
  /** Lower-case letters, digits and `-`, a letter first. Unique among all plugins. */
  readonly name: string
  /**
   * What its value must be, as a synchronous schema of zod 4; `vmrun` exports `z`. It should be optional or have a
   * default, or every instance of every file must have the key. `.meta({description, examples})` says what it means.
   * It is asked once when the plugin is loaded, about `undefined`, and then about every instance. What it makes of a
   * value has to be something that JSON can tell, as `list --json` does.
   *
   * An error's message is best the rest of a sentence that begins with the key: "must be …". To one that begins with
   * "must" vmrun adds the value that stands there: where that may be a secret, begin otherwise, with "expected …".
   */
  readonly schema: ZodType
}
