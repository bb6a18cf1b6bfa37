/** The hint for a name that nothing known is near. */
export const pluginHint = 'a plugin may add it: "vmrun plugins" lists those that this user has'
