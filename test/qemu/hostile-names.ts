/** Names of directories that a careless program would read something into. */
export const hostileNames: readonly string[] = [
  'comma,readonly=on,,format=raw',
  `it's "quoted"`,
  String.raw`back\slash\n\u0041`,
  'new\nline',
  'zwölf 十二 🙂',
  '-leading --dash',
  'json:{"driver":"null-co"}',
  'nbd:host:10809',
  '%s ${HOME} $(id) `id`',
  '\u001b[2J\u2028\t',
]
