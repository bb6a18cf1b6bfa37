import {PassThrough, type Writable} from 'node:stream'
import {text} from 'node:stream/consumers'
import {expect} from 'vitest'
import type {RunEvent} from '../../src/contract/events.js'
import type {Renderer} from '../../src/render/renderer.js'

/** The lines that a renderer makes of events; each of them ends. */
export async function shown(
  rendererTo: (output: Writable) => Renderer,
  events: readonly RunEvent[],
): Promise<readonly string[]> {
  const output = new PassThrough()
  const renderer = rendererTo(output)
  for (const event of events) {
    renderer.listener(event)
  }

  await renderer.finish()
  output.end()
  const lines = (await text(output)).split('\n')
  expect(lines.pop()).toBe('')
  return lines
}
