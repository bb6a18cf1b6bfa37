import stringWidth from 'string-width'
import {expect, test} from 'vitest'
import type {HostReport} from '../../src/doctor/examine-host.js'
import {checkNames, type Finding} from '../../src/doctor/finding.js'
import {doctorPage} from '../../src/render/doctor-page.js'

const report: HostReport = {
  findings: [
    {check: 'memory', subject: 'host', state: 'good', message: '22 GiB available'},
    {check: 'qemu', subject: 'x86_64', state: 'good', message: '/usr/bin/qemu, version 7.2.22'},
    {
      ...{
        check: 'qemu',
        subject: 'aarch64',
        state: 'missing',
        message: 'qemu-system-aarch64 is not installed',
      },
      hint: 'Install it:\n  Debian  apt-get install qemu-system-arm',
    },
    {check: 'accelerator', subject: 'x86_64', state: 'poor', message: 'emulated'},
  ],
  file: 'instances.json',
  instances: [
    {name: 'vm-1', state: 'good', message: 'could run, emulated by TCG', problems: []},
    {
      name: 'vm-2',
      state: 'missing',
      message: 'could not run',
      problems: [
        {message: 'the image is gone', hint: 'Find it.'},
        {check: 'qemu', subject: 'aarch64', message: 'it is not installed', hint: 'Install it.'},
        {message: 'the port is in use'},
        {check: 'work-directory', subject: '/full', message: 'it is full'},
      ],
    },
  ],
}

test('the page has its sections in their order, with what to do below each line, and says nothing twice', () => {
  expect(doctorPage(report)).toBe(`\
Programs
  qemu x86_64         good     /usr/bin/qemu, version 7.2.22
  qemu aarch64        missing  qemu-system-aarch64 is not installed
      Install it:
        Debian  apt-get install qemu-system-arm

Acceleration
  accelerator x86_64  poor     emulated

Limits
  memory              good     22 GiB available

Instances of instances.json
  vm-1                good     could run, emulated by TCG
  vm-2                missing  could not run
      the image is gone
        Find it.
      the port is in use
      see above: qemu aarch64, work-directory`)
})

test.each([
  ['that is not there: that is said', null, 'There is no instances.json here, so no instance was looked at.'],
  [
    'without instances: there are none to tell of',
    'a.json',
    '  memory              good     22 GiB available',
  ],
])('an instances file %s', (_, file, lastLine) => {
  const page = doctorPage({...report, file, instances: []})
  expect(page).not.toContain('Instances of')
  expect(page.split('\n').at(-1)).toBe(lastLine)
})

test('every check has its line, under the name that programs know it by', () => {
  const findings = checkNames.map(
    check => ({check, subject: 'x86_64', state: 'good', message: `<${check}>`}) as const,
  )
  const page = doctorPage({...report, findings})
  for (const check of checkNames) {
    expect(page.match(new RegExp(`^  ${check}(?: x86_64)? +good +<${check}>$`, 'gmu'))).toHaveLength(1)
  }
})

const words = Array.from({length: 60}, () => 'word').join(' ')
const long: Finding = {check: 'memory', subject: 'host', state: 'poor', message: words, hint: words}

test.each([
  [0, 110],
  [200, 110],
  [100, 100],
  [80, 80],
  [72, 72],
])('on a terminal of %i columns no line has more than %i', (terminalWidth, most) => {
  const lines = doctorPage({...report, findings: [long]}, terminalWidth).split('\n')
  const widths = lines.filter(line => line.includes('word')).map(line => stringWidth(line))
  expect(Math.max(...widths)).toBeLessThanOrEqual(most)
  expect(Math.max(...widths)).toBeGreaterThan(most - 5)
})

test('a text goes on where it began, and what to do stands below it', () => {
  const lines = doctorPage({...report, findings: [long], instances: []}).split('\n')
  const columns = lines.slice(1).map(line => line.indexOf('word'))
  expect(columns[0]).toBeGreaterThan(6)
  expect(new Set(columns)).toEqual(new Set([columns[0], 6]))
})
