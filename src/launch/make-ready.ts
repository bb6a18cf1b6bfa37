import {forbidCoreDumps} from '../host/core-dumps.js'
import {loadOwnSteps} from '../plugins/built-in.js'

/**
 * Makes this process ready to run an instance: no secret that it will know is left in a core, nor in one of a program that
 * it starts, and the work of the steps is loaded. It takes a while in which others can be at work.
 */
export async function makeReady(): Promise<void> {
  await Promise.all([forbidCoreDumps(), loadOwnSteps()])
}
