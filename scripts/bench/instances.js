// An instances file to be read.

/**
 * @param {number} count of instances
 * @returns {string}
 */
export function instances(count) {
  return JSON.stringify(
    Array.from({length: count}, (_, index) => ({
      name: `vm-${index}`,
      image: 'ubuntu-amd64.qcow2',
      'timeout-seconds': 14_400,
      config: {repository: 'example/project', token: '${{ env:RUNNER_TOKEN }}', labels: ['a', 'b'], index},
      'cpu-cores': 4,
      ram: '4G',
    })),
    undefined,
    2,
  )
}
