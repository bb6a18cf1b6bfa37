import {UsageError} from '../../errors/errors.js'

const wholeNumber = /^\d{1,10}$/u

/** A directory record has one byte for the years since 1900 (ECMA-119, 9.1.5). */
const firstSecondOf2156 = Date.UTC(2156) / 1000

/**
 * The date of everything on a config disk: the same for the same input, so either SOURCE_DATE_EPOCH
 * (reproducible-builds.org/specs/source-date-epoch) or 1970-01-01.
 *
 * @throws UsageError when SOURCE_DATE_EPOCH is not a whole number of seconds, or a date that ISO 9660 cannot hold
 */
export function sourceDate(environment: NodeJS.ProcessEnv): Date {
  const {SOURCE_DATE_EPOCH: seconds = '0'} = environment
  if (!wholeNumber.test(seconds) || Number(seconds) >= firstSecondOf2156) {
    throw new UsageError('SOURCE_DATE_EPOCH must be a whole number of seconds from 1970 to 2155')
  }

  return new Date(Number(seconds) * 1000)
}
