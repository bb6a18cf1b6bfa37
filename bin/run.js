#!/usr/bin/env node
'use strict'

const {boot} = require('../dist/boot.cjs')

boot(process.argv.slice(2))
