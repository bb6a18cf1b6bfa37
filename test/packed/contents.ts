/** An instances file of one instance, with further keys of it. */
export function instances(further: object = {}): string {
  const instance = {name: 'vm-1', image: 'linux.qcow2', 'timeout-seconds': 60, ...further, config: {}}
  return `${JSON.stringify([instance], undefined, 2)}\n`
}

/** One with a mistake in line 6, column 5. */
export const mistaken = instances({'cpu-core': 4})

/** One to warn of: the same instance stands there twice. */
export const doubtful = instances().replace(/\{.*\}/su, '$&, $&')

/** What nobody may see. */
export const secret = `ghp_${'Ab1Cd2Ef3Gh4Ij5Kl6'.repeat(2)}`

/** One with a mistake in line 7, beside the secret. */
export const telltale = instances().replace('{}', `{\n      "token": "${secret}\${{ evn:TOKEN }}"\n    }`)
