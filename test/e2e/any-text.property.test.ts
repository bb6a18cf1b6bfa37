import {copyFile, mkdir, readdir, writeFile} from 'node:fs/promises'
import path from 'node:path'
import fc from 'fast-check'
import {expect, test} from 'vitest'
import {anyText, argumentText, fileName, jsonObject} from '../arbitraries.js'
import {guestImage} from '../guest-image.js'
import {instanceName} from '../instances/documents.js'
import {literal, literalsIn} from '../instances/literals.js'
import {Host} from './host.js'

/** What somebody wrote, and where. */
const anything = fc.record({
  name: instanceName,
  texts: fc.array(
    fc.oneof(
      anyText,
      anyText.map(text => text.repeat(20)),
    ),
    {minLength: 10, maxLength: 40},
  ),
  object: jsonObject,
  variable: argumentText,
  // With a newline behind it, a carriage return would be a part of that.
  file: argumentText.filter(text => !text.endsWith('\r')),
  imageName: fileName,
  workName: fileName,
  directoryName: fileName,
})

test('a guest gets the name and the config that were written, from whatever files, and nothing is left', async () => {
  const host = await Host.with()
  let round = 0
  await fc.assert(
    fc.asyncProperty(anything, async ({name, texts, object, variable, file, ...names}) => {
      const directory = host.path(`round-${round++}`)
      const image = path.join(directory, 'images', names.imageName)
      const work = path.join(directory, 'work', names.workName)
      const instances = path.join(directory, names.directoryName, 'instances.json')
      for (const one of [path.dirname(image), work, path.dirname(instances)]) {
        await mkdir(one, {recursive: true})
      }

      await copyFile(await guestImage('nano'), image)
      await writeFile(path.join(path.dirname(instances), 'secret'), `${file}\n`)
      // The guest looks at the first 32 KiB.
      const config = {action: 'power-off', object, texts, last: ''}
      fc.pre(JSON.stringify({name, config, variable, file}).length < 10_000)
      const written = {
        name,
        image,
        'timeout-seconds': 60,
        config: {...literalsIn(config), last: `\${{ env:VALUE }}\${{ file:secret }}${literal(name)}`},
        arch: 'x86_64',
        ram: '64M',
        accelerator: 'tcg',
      }
      await writeFile(instances, JSON.stringify([written]))
      host.environment['VALUE'] = variable
      const {exitCode, stdout, stderr} = await host.vmrun(
        ...['run', '--console', 'stdout', '--file', instances, '--work-dir', work, '--', name],
      )
      expect(stdout, stderr).toContain(
        `nano: instance.json ${JSON.stringify({name, config: {...config, last: `${variable}${file}${name}`}})}\n`,
      )
      expect(exitCode).toBe(0)
      expect(await readdir(work)).toEqual([])
      await host.expectNothingLeft()
    }),
    // Each round boots a guest: a counterexample is told as it is found.
    {numRuns: 5, endOnFailure: true},
  )
})
