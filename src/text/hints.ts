/** Several hints in one, as far as there are any. */
export function hints(...found: ReadonlyArray<string | undefined>): string | undefined {
  const all = found.filter(hint => hint !== undefined)
  return all.length === 0 ? undefined : all.join('; ')
}
