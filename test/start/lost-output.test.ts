import {expect, onTestFinished, test} from 'vitest'
import {watchOutput} from '../../src/start/lost-output.js'
import {captured} from './captured.js'

const streams = [process.stdout, process.stderr]

/** Loses output with an error; puts everything back when the test ends. */
function lose(code: string): {readonly exitCode: typeof process.exitCode; readonly told: string} {
  const listeners = streams.map(stream => stream.listeners('error'))
  const exitListeners = process.listeners('exit')
  const {isTTY} = process.stdout
  process.stdout.isTTY = false
  onTestFinished(() => {
    process.stdout.isTTY = isTTY
    for (const [index, stream] of streams.entries()) {
      stream.removeAllListeners('error')
      for (const listener of listeners[index] ?? []) {
        stream.on('error', error => listener.call(stream, error))
      }
    }
  })
  const lost = Object.assign(new Error('lost'), {code})
  process.stdout.once('error', () => {
    throw lost
  })
  const shown = captured()
  watchOutput()
  for (const stream of streams) {
    expect(() => stream.emit('error', lost)).not.toThrow()
  }

  for (const listener of process.listeners('exit').filter(one => !exitListeners.includes(one))) {
    listener.call(process, 0)
    process.off('exit', listener)
  }

  return {exitCode: shown.exitCode(), told: shown.stderr()}
}

test.each([
  ['EIO', 'lost'],
  ['ENOSPC', 'no space is left'],
])('output that is lost with %s is told once, no reason to end, and no success', (code, why) => {
  expect(lose(code)).toEqual({exitCode: 1, told: `Error: cannot write to standard output: ${why}\n`})
})

test('a reader that is gone has read what it wants', () => {
  expect(lose('EPIPE')).toEqual({exitCode: undefined, told: ''})
})
