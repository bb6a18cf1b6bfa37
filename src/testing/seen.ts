import {expect} from 'vitest'
import {instanceName} from './subject.js'
import {storyOf, type Trial} from './trial.js'

/**
 * Expects that the guest has printed what it should have of its config.
 *
 * @param seen without it, the text of instance.json
 */
export function expectSeen(trial: Trial, seen: string | RegExp | undefined, advice: string): void {
  const expected = seen ?? JSON.stringify({name: instanceName, config: trial.run.config})
  expect(
    trial.console,
    `The guest did not print what shows that it read its config. ${advice}\n${storyOf(trial)}`,
  ).toMatch(expected)
}
