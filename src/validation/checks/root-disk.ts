import {sizeInBytes} from '../../instances/size.js'
import {overlaySize} from '../../qemu/image/base-image.js'
import {type Check, checkOf} from '../check.js'
import {errorFound} from '../error-found.js'
import type {ImageLooks} from '../image-looks.js'

/** The root disk has to hold what is on the image. An image that cannot be read is a problem of `image` alone. */
export function checkRootDisk(images: ImageLooks): Check {
  return checkOf(['root-disk', 'image', 'backing-files'], async ({'root-disk': text, ...image}) => {
    const base = text === undefined ? undefined : await images.look(image).catch(() => undefined)
    return base === undefined || text === undefined
      ? []
      : await errorFound('vmrun/small-root-disk', ['root-disk'], () =>
          overlaySize(base, {text, bytes: sizeInBytes(text)}),
        )
  })
}
