import {definePlugin} from 'vmrun'
import {s390x} from './s390x.js'

export default definePlugin({apiVersion: 1, architectures: [s390x]})
