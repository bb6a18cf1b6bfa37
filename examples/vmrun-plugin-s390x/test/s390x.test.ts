import {describeArchitecture} from 'vmrun/testing'
import {s390x} from '../src/s390x.js'

describeArchitecture(s390x, {image: process.env['VMRUN_S390X_IMAGE']})
