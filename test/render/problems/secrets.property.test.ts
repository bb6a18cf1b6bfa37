import fc from 'fast-check'
import {expect, test} from 'vitest'
import {formatProblems, formats} from '../../../src/render/problems/formats.js'
import {anyLayout, layOut, tokensOf} from '../../instances/layouts.js'
import {mutated, slips} from '../../instances/mutations.js'
import {hasPublicSecret, secret, secretFile, secretNumber} from '../../instances/secret-files.js'
import {validated} from './validated.js'

test.each(formats)('no value of a config is shown as %s, however wrong the file is', async format => {
  await fc.assert(
    fc.asyncProperty(secretFile, anyLayout, slips, async (file, layout, changes) => {
      const text = layOut(mutated(tokensOf(file), changes), layout)
      fc.pre(!hasPublicSecret(text))
      const validation = {files: [await validated(text)], outcome: 'problems'} as const
      const told = await formatProblems(validation, format, {hasColors: false, columns: 80, version: '0'})
      expect(told).not.toContain(secret)
      expect(told).not.toContain(secretNumber)
    }),
    {numRuns: 300},
  )
})
