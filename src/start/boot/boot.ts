import {loadCode} from './load-code.js'
import {prepareProcess} from './prepare-process.js'

/**
 * Makes this process ready, and runs the command that its command line names in it.
 *
 * @param argv the command line, without the program
 */
export async function boot(argv: readonly string[]): Promise<void> {
  const words = commandWords(argv)
  prepareProcess(words)
  const code = loadCode(words)
  const {start} = code['start/start']
  await start(words, __filename, id => code[`commands/${id}`])
}

/** The command line with the words of the command apart, which oclif takes with colons between them too. */
export function commandWords([command = '', ...rest]: readonly string[]): readonly string[] {
  const words = command.startsWith('-') ? [command] : command.split(':')
  return [...words.filter(word => word !== ''), ...rest]
}
