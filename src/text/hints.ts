/** Several hints in one, as far as there are any. */
export function hints(...found: ReadonlyArray<string | undefined>): string | undefined {
  const all = found.filter(hint => hint !== undefined)
  return all.length === 0 ? undefined : all.join('; ')
}

/** The hint for a name that nothing known is near. */
export const pluginHint = 'a plugin may add it: "vmrun plugins" lists those that this user has'

/** The plugins that are known to contribute something, by its kind and its name. */
const contributors: ReadonlyMap<string, string> = new Map([
  ['arch s390x', 'vmrun-plugin-s390x'],
  ['key webhook', 'vmrun-plugin-webhook'],
])

/** The hint for what a known plugin contributes; undefined for anything else. */
export function knownPluginHint(
  kind: 'arch' | 'config-disk' | 'key' | 'placeholder',
  name: string,
): string | undefined {
  const plugin = contributors.get(`${kind} ${name}`)
  return plugin === undefined
    ? undefined
    : `the plugin ${plugin} adds it: "vmrun plugins" lists those that this user has`
}
