import {x86_64} from '../../src/plugins/architectures/x86-64.js'
import {describeArchitecture} from '../../src/testing/index.js'
import {guestImage} from '../guest-image.js'

// Names of their own, as a plugin's have to be.
describeArchitecture({...x86_64, name: 'x86_64-twin'}, {image: await guestImage('nano')})
describeArchitecture(
  {...x86_64, name: 'x86_64-without-button', powerButton: false},
  {image: await guestImage('nano'), instance: {ram: '64M'}},
)
