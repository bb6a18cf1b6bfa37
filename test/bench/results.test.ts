import {expect, test} from 'vitest'
import {mergeResult, readResults, writeResults} from '../../scripts/bench/results.js'
import {figureRow} from '../../scripts/bench/row.js'
import {temporaryDirectory} from '../temporary-directory.js'
import {sampleMachine} from './sample-machine.js'

const result = {
  date: '2026-01-01',
  vmrun: '0.1.0',
  machine: sampleMachine,
  rows: [figure('list', 1), figure('--help', 2)],
}

function figure(name: string, value: number): ReturnType<typeof figureRow> {
  return figureRow({name, unit: 'ms', values: [value]})
}

test('results are read as they were written, to four digits', async () => {
  const file = `${await temporaryDirectory()}/results.json`
  await writeResults(file, {20: {...result, rows: [figure('list', 123.456_789)]}})
  expect(await readResults(file)).toEqual({20: {...result, rows: [figure('list', 123.5)]}})
})

test('where nothing was stored there are no results', async () => {
  expect(await readResults(`${await temporaryDirectory()}/results.json`)).toEqual({})
})

test('what was not measured again stays as it was, in its place', () => {
  const fresh = {...result, date: '2026-02-02', rows: [figure('list', 5), figure('idle', 6)]}
  expect(mergeResult(result, fresh)).toEqual({
    ...fresh,
    rows: [figure('list', 5), figure('--help', 2), figure('idle', 6)],
  })
})

test('what another machine measured is not kept beside it', () => {
  const fresh = {...result, machine: {...sampleMachine, cores: 4}, rows: [figure('list', 5)]}
  expect(mergeResult(result, fresh)).toEqual(fresh)
})
