/** The hint for a name that nothing known is near. */
export const pluginHint = 'a plugin may add it: "vmrun plugins" lists those that this user has'

/** What an instance names that a plugin may contribute. */
export type Contributed = 'arch' | 'config-disk' | 'key' | 'placeholder'

/** The plugins that are known to contribute a name. */
const known: Readonly<Record<Contributed, Readonly<Record<string, string>>>> = {
  arch: {s390x: 'vmrun-plugin-s390x'},
  'config-disk': {},
  key: {webhook: 'vmrun-plugin-webhook'},
  placeholder: {},
}

/** The hint for a name that a known plugin contributes; undefined for any other. */
export function knownPluginHint(kind: Contributed, name: string): string | undefined {
  const plugin = new Map(Object.entries(known[kind])).get(name)
  return plugin === undefined
    ? undefined
    : `the plugin ${plugin} adds it: "vmrun plugins" lists those that this user has`
}
