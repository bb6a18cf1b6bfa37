import {describeStep} from '../../src/testing/index.js'
import {guestImage} from '../guest-image.js'
import {sampleStep} from './sample-steps.js'

describeStep(sampleStep, {contributed: {sample: new Date(0)}})
describeStep(
  {...sampleStep, name: 'sample-with-machine', after: 'config-disk'},
  {image: await guestImage('nano')},
)
describeStep(
  {
    name: 'sample-cleanup',
    title: 'Cleanup',
    replacing: 'cleanup',
    always: true,
    run: async run => {
      await run.unwind()
      return 'Cleanup: done'
    },
  },
  {image: await guestImage('nano')},
)
