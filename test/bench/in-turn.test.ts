import {expect, test} from 'vitest'
import {inTurn} from '../../scripts/bench/in-turn.js'

test('things are measured in turn, after a round that does not count', async () => {
  const order: string[] = []
  const measure = (name: string) => async (): Promise<number> => order.push(name)
  const measured = await inTurn({one: measure('A'), other: measure('B')}, 2)
  expect(order.join('')).toBe('ABABAB')
  expect(measured).toEqual({one: [3, 5], other: [4, 6]})
})
