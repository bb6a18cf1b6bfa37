/** The command line with the words of the command apart, which oclif takes with colons between them too. */
export function commandWords([command = '', ...rest]: readonly string[]): readonly string[] {
  const words = command.startsWith('-') ? [command] : command.split(':')
  return [...words.filter(word => word !== ''), ...rest]
}
