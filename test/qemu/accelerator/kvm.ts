import {accessSync, constants} from 'node:fs'

/** Whether this user may open KVM. */
export function kvmCanBeOpened(): boolean {
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK)
    return true
  } catch {
    return false
  }
}
