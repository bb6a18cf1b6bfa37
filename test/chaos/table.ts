/** What came of one fault. */
export interface Row {
  readonly fault: string
  readonly rounds: number
  /** In how many of them the fault hit something that was still running. */
  readonly struck: number
  /** The exit codes, or `killed`. */
  readonly endings: readonly string[]
  /** What was left, a line each. */
  readonly residue: readonly string[]
}

/** The rows and their sums as a table in Markdown. */
export function table(rows: readonly Row[]): string {
  const sum = (count: (row: Row) => number): number => rows.reduce((total, row) => total + count(row), 0)
  const lines = [
    ['fault', 'rounds', 'struck', 'residue', 'exit codes'],
    ['---', '---:', '---:', '---:', '---'],
    ...rows.map(({fault, rounds, struck, residue, endings}) => [
      fault,
      rounds,
      struck,
      residue.length,
      tally(endings),
    ]),
    [
      '**all**',
      sum(({rounds}) => rounds),
      sum(({struck}) => struck),
      sum(({residue}) => residue.length),
      tally(rows.flatMap(({endings}) => endings)),
    ],
  ]
  return lines.map(cells => `| ${cells.join(' | ')} |`).join('\n')
}

/** How often each is there: `0 × 3, 143 × 7`. */
function tally(endings: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const ending of endings.toSorted()) {
    counts.set(ending, (counts.get(ending) ?? 0) + 1)
  }

  return Array.from(counts, ([ending, count]) => `${ending} × ${count}`).join(', ')
}
