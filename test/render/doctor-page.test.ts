import stringWidth from 'string-width'
import {expect, test} from 'vitest'
import {checkNames} from '../../src/doctor/finding.js'
import {doctorPage} from '../../src/render/doctor-page.js'
import type {HostReport} from '../../src/services/examine-host.js'
import {hostile, unprintable} from './every-event.js'

const report: HostReport = {
  findings: [
    {check: 'memory', subject: 'host', state: 'good', text: '22 GiB available'},
    {check: 'qemu', subject: 'x86_64', state: 'good', text: '/usr/bin/qemu, version 7.2.22'},
    {
      check: 'qemu',
      subject: 'aarch64',
      state: 'missing',
      text: 'qemu-system-aarch64 is not installed',
      advice: 'Install it:\n  Debian  apt-get install qemu-system-arm',
    },
    {check: 'accelerator', subject: 'x86_64', state: 'poor', text: 'emulated'},
  ],
  file: 'instances.json',
  instances: [
    {name: 'vm-1', state: 'good', text: 'could run, emulated', problems: []},
    {
      name: 'vm-2',
      state: 'missing',
      text: 'could not run',
      problems: [{text: 'the image is gone', advice: 'Find it.'}, {text: 'the port is in use'}],
    },
  ],
}

test('the page has its sections in their order, aligned, with what to do below each line', () => {
  expect(doctorPage(report)).toBe(`\
Programs
  QEMU x86_64   good     /usr/bin/qemu, version 7.2.22
  QEMU aarch64  missing  qemu-system-aarch64 is not installed
                           Install it:
                             Debian  apt-get install qemu-system-arm

Acceleration
  x86_64        poor     emulated

Limits
  memory        good     22 GiB available

Instances of instances.json
  vm-1          good     could run, emulated
  vm-2          missing  could not run
                         the image is gone
                           Find it.
                         the port is in use`)
})

test('where there is no instances file, that is said', () => {
  const page = doctorPage({...report, file: null, instances: []})
  expect(page).not.toContain('Instances of')
  expect(page.split('\n').at(-1)).toBe('There is no instances.json here, so no instance was looked at.')
})

test('a file without instances has none to tell of', () => {
  expect(
    doctorPage({...report, instances: []})
      .split('\n')
      .at(-1),
  ).toContain('memory')
})

test('every check has its line', () => {
  const findings = checkNames.map(
    check => ({check, subject: 'x86_64', state: 'good', text: `<${check}>`}) as const,
  )
  const page = doctorPage({...report, findings})
  for (const check of checkNames) {
    expect(page.split(`<${check}>`)).toHaveLength(2)
  }
})

test('long lines are broken at the page’s width, and go on where they began', () => {
  const text = Array.from({length: 60}, () => 'word').join(' ')
  const lines = doctorPage({
    findings: [{check: 'memory', subject: 'host', state: 'poor', text, advice: text}],
    file: 'instances.json',
    instances: [],
  }).split('\n')
  expect(Math.max(...lines.map(line => stringWidth(line)))).toBeLessThanOrEqual(110)
  const columns = lines.slice(1).map(line => line.indexOf('word'))
  expect(new Set(columns)).toEqual(new Set([columns[0], Number(columns[0]) + 2]))
})

test('nothing on the page can act on a terminal', () => {
  const page = doctorPage({
    findings: checkNames.map(check => ({
      check,
      subject: hostile,
      state: 'poor',
      text: hostile,
      advice: hostile,
    })),
    file: hostile,
    instances: [
      {name: hostile, state: 'missing', text: 'could not run', problems: [{text: hostile, advice: hostile}]},
    ],
  })
  for (const line of page.split('\n')) {
    expect(line).not.toMatch(unprintable)
  }
})
