import {inject} from 'vitest'
import {aarch64} from '../../src/architectures/aarch64.js'
import {x86_64} from '../../src/architectures/x86-64.js'
import {describeArchitecture} from '../../src/testing/index.js'

// Names of their own, as a plugin's have to be.
describeArchitecture({...x86_64, name: 'x86_64-twin'}, {image: inject('guests').nano})
describeArchitecture({...aarch64, name: 'aarch64-twin'}, {image: inject('guests')['linux-aarch64']})
describeArchitecture(
  {...x86_64, name: 'x86_64-without-button', powerButton: false},
  {image: inject('guests').nano, instance: {ram: '64M'}},
)
