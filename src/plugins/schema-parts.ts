import * as z from 'zod'

/** What the schemas of a plugin's definition and of what its functions return share. */
export const text = z.string().min(1)

/** As for `text`. */
export const texts = z.array(z.string())

/** As for `text`. */
export const callable = z.custom(value => typeof value === 'function', 'expected a function')
