import type {VmrunError} from '../../errors.js'
import {imageFault} from '../../qemu/image/image-error.js'
import {openImageFile} from '../../qemu/image/open-file.js'
import type {RuleId} from '../../rules.js'
import {type Check, checkOf} from '../check.js'
import {errorFound} from '../error-found.js'
import type {ImageLooks} from '../image-looks.js'

/** The image has to be there, to be qcow2, and to read no file but those that its instance allows. */
export function checkImage(images: ImageLooks): Check {
  return checkOf(['image', 'backing-files'], values =>
    errorFound(ruleOf, ['image'], () => images.look(values)),
  )
}

/** What an image may read has to be there, whether it does or not. */
export const checkBackingFiles = checkOf(['backing-files'], async ({'backing-files': files = []}) => {
  const found = files.map((file, index) =>
    errorFound(ruleOf, ['backing-files', index], async () => {
      const {handle} = await openImageFile(file)
      await handle.close()
    }),
  )
  return (await Promise.all(found)).flat()
})

function ruleOf(error: VmrunError): RuleId {
  return ruleOfFault[imageFault(error)]
}

const ruleOfFault = {
  missing: 'vmrun/missing-image',
  unreadable: 'vmrun/unreadable-image',
  unusable: 'vmrun/unusable-image',
  'hidden-file': 'vmrun/hidden-file',
} as const
