/** How much it matters: an error keeps a file from being used, a warning does not. */
export type Severity = 'error' | 'warning'

/**
 * Every rule that an instances file is held to, in the order of docs/validate.md, which explains each. The names are
 * stable: people search for them. What stands beside a name completes the sentence "it is found …".
 */
export const rules = {
  'vmrun/unreadable-file': 'when a file cannot be read',
  'vmrun/too-large': 'when a file is larger than an instances file can be',
  'vmrun/not-utf-8': 'when a file is not UTF-8',
  'vmrun/byte-order-mark': 'when a file begins with a byte order mark',
  'vmrun/empty-file': 'when a file holds nothing',
  'vmrun/merge-conflict': 'when a merge conflict is not resolved',
  'vmrun/trailing-comma': 'when a comma has no value before or behind it',
  'vmrun/missing-comma': 'when two values have no comma between them, or a bracket is not closed',
  'vmrun/missing-colon': 'when there is no colon between a key and its value',
  'vmrun/comment': 'when there is a comment, which JSON does not have',
  'vmrun/malformed-number': 'when a number is not one that JSON knows',
  'vmrun/unclosed-string': 'when a string is not closed on its line',
  'vmrun/malformed-escape': 'when a backslash begins no escape',
  'vmrun/control-character': 'when a string holds a control character',
  'vmrun/unclosed-bracket': 'when the file ends before a bracket is closed',
  'vmrun/unexpected-text': 'when something stands where JSON has no place for it',
  'vmrun/nested-too-deep': 'when brackets are nested too deep',
  'vmrun/duplicate-key': 'when a key stands twice in one object',
  'vmrun/not-instances': 'when a file does not hold an array of instances',
  'vmrun/no-instances': 'when a file holds no instance',
  'vmrun/unknown-key': 'when a key is not known',
  'vmrun/missing-key': 'when a key that every instance needs is not there',
  'vmrun/invalid-value': 'when a value is not one that its key can have',
  'vmrun/port-without-network': 'when an ssh-port leads to no network card',
  'vmrun/little-ram': 'when a guest has so little memory that it hardly starts',
  'vmrun/inexact-number': 'when a number in a config cannot be handed on exactly',
  'vmrun/duplicate-name': 'when two instances have the same name',
  'vmrun/shared-ssh-port': 'when two instances have the same ssh-port',
  'vmrun/unknown-architecture': 'when no plugin offers an architecture',
  'vmrun/unknown-config-disk': 'when no plugin offers a kind of config disk',
  'vmrun/config-disk-options': 'when a config disk does not have what is asked of it',
  'vmrun/malformed-placeholder': 'when a placeholder is not written as one',
  'vmrun/unknown-placeholder': 'when no plugin offers the function of a placeholder',
  'vmrun/missing-image': 'when an image, or a file that it may read, is not there',
  'vmrun/unreadable-image': 'when an image, or a file that it may read, cannot be read',
  'vmrun/unusable-image': 'when an image cannot be used',
  'vmrun/hidden-file': 'when an image reads a file that its instance does not allow',
  'vmrun/small-root-disk': 'when a root-disk is smaller than its image',
} as const satisfies Readonly<Record<`vmrun/${string}`, string>>

/** The rules of what may be there, or may be read, at another try; any other stays broken until somebody mends it. */
const passing: ReadonlySet<string> = new Set([
  'vmrun/unreadable-file',
  'vmrun/missing-image',
  'vmrun/unreadable-image',
] satisfies readonly RuleId[])

/** Whether all of these rules may hold at another try. */
export function mayPass(broken: ReadonlyArray<{readonly rule: RuleId}>): boolean {
  return broken.every(({rule}) => passing.has(rule))
}

/** The name of a rule. */
export type RuleId = keyof typeof rules
