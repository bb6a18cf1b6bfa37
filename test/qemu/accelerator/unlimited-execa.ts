import {vi} from 'vitest'

const original = await vi.importActual<typeof import('execa')>('execa')

/**
 * Stands in for execa where a test has a program take as long as it does: a loaded host may need more than the second
 * that a probe has, and what is stopped must not be taken for what its limit ended. For `vi.mock`.
 */
export function execa(program: string, programArguments: readonly string[], options: object): unknown {
  return original.execa(program, programArguments, {...options, timeout: 0})
}
