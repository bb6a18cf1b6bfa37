// Measuring things in turn: A B A B …

/**
 * Measures several things in turn, so that whatever else the host does meets all alike. A first round does not count: it
 * fills the caches of the host and of vmrun.
 *
 * @template {string} Name
 * @template Value
 * @param {Readonly<Record<Name, () => Promise<Value>>>} contestants each measures once
 * @param {number} rounds that count
 * @returns {Promise<Record<Name, Value[]>>} what each measured, a round each
 */
export async function inTurn(contestants, rounds) {
  const names = /** @type {Name[]} */ (Object.keys(contestants))
  const measured = /** @type {Record<Name, Value[]>} */ ({})
  for (const name of names) {
    measured[name] = []
  }

  for (let round = 0; round <= rounds; round += 1) {
    for (const name of names) {
      const value = await contestants[name]()
      if (round > 0) {
        measured[name].push(value)
      }
    }
  }

  return measured
}
