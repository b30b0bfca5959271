#!/usr/bin/env node
import { processRuntime } from '../dist/bundle/process-runtime.js';
import { run } from '../dist/bundle/run.js';

process.exitCode = await run(processRuntime());
