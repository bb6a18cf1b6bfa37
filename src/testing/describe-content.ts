import {expect, onTestFinished, test, vi} from 'vitest'
import type {ConfigDisk} from '../contract/config-disk.js'
import type {JsonObject, JsonValue} from '../contract/json-value.js'
import {configDiskImage} from '../disks/config/image.js'
import {sha256} from '../disks/config/write-image.js'
import {describeError, instanceName} from './subject.js'

/** Short, as what quotes the beginning of something would show all of it. */
const secret = 'hunter2'

/** Checks of a config disk what is said of its bytes. @param configure makes it anew */
export function describeContent(configure: () => ConfigDisk, config: JsonObject): void {
  test('holds what it is to hold', () => {
    expect(
      () => configDiskImage(configure(), {name: instanceName, config}, new Date(0)).size,
      'Keep to what a volume may be: a label of 1 to 32 characters of printable ASCII, about a dozen files, names of ' +
        'up to 64 characters, none of them twice.',
    ).not.toThrow()
  })

  test('is the same for the same instance, at any time', () => {
    onTestFinished(() => {
      vi.useRealTimers()
    })
    const hashes = ['2001-02-03T04:05:06Z', '2031-12-11T10:09:08Z'].map(now => {
      vi.useFakeTimers({toFake: ['Date'], now: new Date(now)})
      return sha256(configDiskImage(configure(), {name: instanceName, config}, new Date(0)))
    })
    expect(
      hashes[0],
      'Have content depend on its source alone: on no clock, random number or environment.',
    ).toBe(hashes[1])
  })

  test('keeps secrets out of what it throws', () => {
    for (const one of [config, ...variantsOf(config)]) {
      expect(
        failureOf(() => configure().content?.({name: instanceName, config: one})),
        `content was given a config in which "${secret}" is a secret, and threw an error with it. Throw one that names ` +
          'the key and no value; catch what a parser throws, as it quotes its input.',
      ).not.toContain(secret)
    }
  })
}

/** What is thrown, as vmrun shows it; empty where nothing is. */
function failureOf(work: () => unknown): string {
  try {
    work()
    return ''
  } catch (error) {
    return describeError(error)
  }
}

/** Configs in which a value is not what it should be, each with a secret in it. */
function variantsOf(config: JsonObject): readonly JsonObject[] {
  const values: readonly JsonValue[] = [secret, `${secret}\ud800\0`, [secret], {[secret]: secret}]
  return values.flatMap(value => [
    {[secret]: value},
    ...Object.keys(config).map(key => ({...config, [key]: value})),
    Object.fromEntries(Object.keys(config).map(key => [key, value])),
  ])
}
