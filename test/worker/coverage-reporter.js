import { hasCounters } from './built.js';
import { takeCoverage } from './coverage.js';

/**
 * Gives Jest the coverage of all suites with the last of them. Handed over suite by suite, it would be
 * copied, sent and merged hundreds of times, and is megabytes.
 */
export default class CoverageOfAll {
  onTestResult(test, result, { testResults, numTotalTestSuites }) {
    if (hasCounters() && testResults.length === numTotalTestSuites)
      result.coverage = takeCoverage();
  }
}
