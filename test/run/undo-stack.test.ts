import {expect, test, vi} from 'vitest'
import {UndoStack} from '../../src/run/undo-stack.js'

vi.mock('node:timers/promises', () => import('./fakeable-timers.js'))

function recorder(): {readonly stack: UndoStack; readonly undone: string[]} {
  const stack = new UndoStack()
  const undone: string[] = []
  for (const what of ['first', 'second', 'third']) {
    stack.defer(what, async () => {
      await Promise.resolve()
      undone.push(what)
    })
  }

  return {stack, undone}
}

test('what was made last is undone first, one after the other, and nothing twice', async () => {
  const {stack, undone} = recorder()
  await stack.unwind()
  expect(undone).toEqual(['third', 'second', 'first'])
  await stack.unwind()
  expect(undone).toHaveLength(3)
})

test('what is deferred while something is undone is undone as well', async () => {
  const {stack, undone} = recorder()
  stack.defer('fourth', () =>
    stack.defer('fifth', () => {
      undone.push('fifth')
    }),
  )
  await stack.unwind()
  expect(undone).toEqual(['fifth', 'third', 'second', 'first'])
})

test('each one is undone though others fail or hang, and the error names every one that did', async () => {
  vi.useFakeTimers()
  const {stack, undone} = recorder()
  stack.defer('a directory', () => {
    throw new Error('busy')
  })
  stack.defer('a mount', () => Promise.race([]))
  stack.defer('a process', () => Promise.reject(new Error('not permitted')))
  const unwound = expect(stack.unwind()).rejects.toThrow(
    expect.objectContaining({
      name: 'HostError',
      message:
        'could not remove a process: not permitted; a mount: still not done after 20 seconds; a directory: busy',
      hint: expect.stringContaining('by hand'),
    }),
  )
  await vi.advanceTimersByTimeAsync(19_999)
  expect(undone).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  await unwound
  expect(undone).toEqual(['third', 'second', 'first'])
})

test('what is deferred when it is closed is undone at once, whatever could not be, and that is told', async () => {
  vi.useFakeTimers()
  const {stack, undone} = recorder()
  stack.defer('a process', () => Promise.reject(new Error('not permitted')))
  await expect(stack.close()).rejects.toThrow('could not remove a process: not permitted')
  await stack.settle()
  stack.defer('a directory', () => {
    throw new Error('busy')
  })
  stack.defer('a mount', () => Promise.reject(new Error('no such mount')))
  stack.defer('a file', () => Promise.race([]))
  stack.defer('late', () => {
    undone.push('late')
  })
  expect(undone).toEqual(['third', 'second', 'first', 'late'])
  const settled = expect(stack.settle()).rejects.toThrow(
    'a directory: busy; a mount: no such mount; a file: still not done after 20 seconds',
  )
  await vi.runAllTimersAsync()
  await settled
})

test.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])(
  'what is deferred at any moment while it is closed is undone: turn %i',
  async turns => {
    const stack = new UndoStack()
    const undone: string[] = []
    const closed = stack.close()
    for (let turn = 0; turn < turns; turn++) {
      await Promise.resolve()
    }

    stack.defer('late', () => {
      undone.push('late')
    })
    await closed
    expect(undone).toEqual(['late'])
  },
)

test('who else wants everything undone joins what is under way, in its order, and hears of what failed', async () => {
  const stack = new UndoStack()
  const undone: string[] = []
  let finish: () => void = () => undefined
  const slow = new Promise<void>(resolve => {
    finish = resolve
  })
  stack.defer('outer', () => {
    undone.push('outer')
  })
  stack.defer('slow', async () => {
    await slow
    undone.push('slow')
    throw new Error('stuck')
  })
  const first = stack.unwind()
  const closed = stack.close()
  finish()
  await expect(first).rejects.toThrow('slow: stuck')
  await expect(closed).rejects.toThrow('slow: stuck')
  expect(undone).toEqual(['slow', 'outer'])
})
