import {channel} from 'node:diagnostics_channel'

/** Told of each command when it is sent: its name, as `command`, and the promise of its result, as `answer`. */
export const sentCommands = channel('vmrun:qmp-command')

/** Told of each event when it is received: its name, as `event`. */
export const receivedEvents = channel('vmrun:qmp-event')
