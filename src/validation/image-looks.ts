import type {Instance} from '../instances/instance.js'
import {type BaseImage, readBaseImage} from '../qemu/image/base-image.js'

/** Looks at base images, at each but once, however many instances share it. */
export class ImageLooks {
  readonly #looks = new Map<string, Promise<BaseImage>>()

  /** @throws HostError */
  look({image, 'backing-files': files = []}: Pick<Instance, 'image' | 'backing-files'>): Promise<BaseImage> {
    const key = JSON.stringify([image, ...files])
    const look = this.#looks.get(key) ?? readBaseImage(image, files)
    this.#looks.set(key, look)
    return look
  }
}
