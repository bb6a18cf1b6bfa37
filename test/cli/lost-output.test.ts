import {expect, onTestFinished, test} from 'vitest'
import {outliveOutput} from '../../src/cli/lost-output.js'

const streams = [process.stdout, process.stderr]

test.each(['EPIPE', 'EIO', 'ENOSPC'])('output that is lost with %s is no reason to end', code => {
  const before = streams.map(stream => stream.listeners('error'))
  onTestFinished(() => {
    for (const [index, stream] of streams.entries()) {
      stream.removeAllListeners('error')
      for (const listener of before[index] ?? []) {
        stream.on('error', error => listener.call(stream, error))
      }
    }
  })
  const lost = Object.assign(new Error('lost'), {code})
  const [stdout] = streams
  stdout?.once('error', () => {
    throw lost
  })
  outliveOutput()
  for (const stream of streams) {
    expect(() => stream.emit('error', lost)).not.toThrow()
  }
})
