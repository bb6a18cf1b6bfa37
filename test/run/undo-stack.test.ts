import {afterEach, expect, test, vi} from 'vitest'
import {UndoStack} from '../../src/run/undo-stack.js'

vi.mock('node:timers/promises', () => import('./fakeable-timers.js'))

afterEach(() => {
  vi.useRealTimers()
})

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

test('each one is undone though others fail, and the error names every one that did', async () => {
  const {stack, undone} = recorder()
  stack.defer('a directory', () => {
    throw new Error('busy')
  })
  stack.defer('a process', () => Promise.reject(new Error('not permitted')))
  await expect(stack.unwind()).rejects.toThrow(
    expect.objectContaining({
      name: 'HostError',
      message: 'could not remove a process: not permitted; a directory: busy',
      hint: expect.stringContaining('by hand'),
    }),
  )
  expect(undone).toEqual(['third', 'second', 'first'])
})

test('one that hangs is given up after twenty seconds, and the others are undone', async () => {
  vi.useFakeTimers()
  const {stack, undone} = recorder()
  stack.defer('a process', () => Promise.race([]))
  const unwound = expect(stack.unwind()).rejects.toThrow(
    'could not remove a process: still not done after 20 seconds',
  )
  await vi.advanceTimersByTimeAsync(19_999)
  expect(undone).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  await unwound
  expect(undone).toEqual(['third', 'second', 'first'])
})

test.each([
  ['was empty', async () => undefined],
  ['could not undo something', () => Promise.reject(new Error('not permitted'))],
])('what is deferred when it is closed is undone at once, also where it %s', async (_, undo) => {
  const {stack, undone} = recorder()
  stack.defer('a process', undo)
  await stack.close().catch(() => undefined)
  stack.defer('late', () => {
    undone.push('late')
  })
  expect(undone).toEqual(['third', 'second', 'first', 'late'])
  await stack.unwind()
  expect(undone).toHaveLength(4)
})

test('when it is closed, what fails or hangs keeps nothing else from being undone', async () => {
  vi.useFakeTimers()
  const {stack, undone} = recorder()
  await stack.close()
  stack.defer('a directory', () => {
    throw new Error('busy')
  })
  stack.defer('a process', () => Promise.reject(new Error('not permitted')))
  stack.defer('a file', () => Promise.race([]))
  stack.defer('late', () => {
    undone.push('late')
  })
  expect(undone.at(-1)).toBe('late')
  await vi.runAllTimersAsync()
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

test('what is deferred after the closing is waited for, and it is told when it could not be undone', async () => {
  const stack = new UndoStack()
  await stack.close()
  await stack.settle()
  stack.defer('late', () => Promise.reject(new Error('no such mount')))
  await expect(stack.settle()).rejects.toThrow('late: no such mount')
})
