import {expect, test} from 'vitest'
import {endProcess} from '../../src/residue/end-process.js'
import {identityOf, isAlive, ownIdentity} from '../../src/residue/process-identity.js'
import {dead, running} from './processes.js'

test('one that is stopped is killed as well', async () => {
  const one = await running()
  process.kill(one.pid, 'SIGSTOP')
  expect(await endProcess(one)).toBe('killed')
  expect(await one.ended).toBe('SIGKILL')
})

test('what was gone before is not said to have been killed, and whoever has its pid is not touched', async () => {
  expect(await endProcess(await dead())).toBe('was-gone')
  const {pid, start} = await running()
  expect(await endProcess({pid, start: String(Number(start) - 1)})).toBe('was-gone')
  expect(isAlive({pid, start})).toBe(true)
})

test.each([0, -1, 1, process.pid])('%d is never killed: many go by it, or all need it', async pid => {
  const {start} = pid === process.pid ? ownIdentity() : {start: '', ...identityOf(pid)}
  expect(await endProcess({pid, start})).toBe('still-there')
})
