import type {Reporter, TestModule} from 'vitest/node'

/**
 * Ends a test run in a line that says how many tests passed and failed. A file that did not load is a failure, and so is a
 * suite whose hooks failed. Before it comes a line for each test that this host lacks something for, with what it lacks.
 */
export class Tally implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap(({children}) => Array.from(children.allTests()))
    const passed = tests.filter(test => test.result().state === 'passed').length
    const failed = tests.filter(test => test.result().state === 'failed').length
    const suites = modules.flatMap(module => [module, ...module.children.allSuites()])
    const broken = suites.filter(suite => suite.errors().length > 0).length + errors.length
    for (const test of tests) {
      const result = test.result()
      if (result.state === 'skipped' && result.note !== undefined) {
        process.stdout.write(`not run: ${test.fullName}: ${result.note}\n`)
      }
    }

    process.on('exit', () => process.stdout.write(`${passed} passed, ${failed + broken} failed\n`))
  }
}
