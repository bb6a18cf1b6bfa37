import * as z from 'zod'

/** What QEMU is kept from by default, and what each part of it is called in the `relax` key. */
export const protections = [
  'obsolete',
  'elevateprivileges',
  'spawn',
  'resourcecontrol',
  'no-new-privs',
] as const

/** One part of what QEMU is kept from. */
export type Protection = (typeof protections)[number]

const mustBeProtection =
  'must be "obsolete", "elevateprivileges", "spawn", "resourcecontrol" or "no-new-privs"'

/** The keys that say what a machine may reach of its host. */
export const hostAccessKeys = {
  network: z
    .enum(['user', 'none', 'isolated'], 'must be "user", "none" or "isolated"')
    .default('user')
    .meta({
      description:
        "The guest's network: user (it reaches what the host reaches, the host's own loopback at 10.0.2.2 included), " +
        'isolated (a card, but no way out and none to the host; ssh-port works), or none (no card).',
      examples: ['isolated'],
    }),

  relax: z
    .array(z.enum(protections, mustBeProtection), 'must be an array of names of protections')
    .default([])
    .meta({
      description:
        'Protections of the host that QEMU is to run without: parts of its seccomp filter (obsolete, ' +
        'elevateprivileges, spawn, resourcecontrol), or no-new-privs. Each run then warns. Default: none.',
      examples: [['spawn']],
    }),
}
