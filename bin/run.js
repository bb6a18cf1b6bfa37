#!/usr/bin/env node
import {leave} from '../dist/cli/leave.js'
import {prepareProcess} from '../dist/cli/prepare-process.js'

prepareProcess()
const {execute} = await import('@oclif/core')
await execute({dir: import.meta.url})
await leave()
