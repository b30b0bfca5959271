import { describe, expect, it } from '@jest/globals';
import { samples } from '../problems/samples.js';
import { reportDocument, reportSchema } from '../../src/report/report-document.js';
import { RunRecord } from '../../src/report/run-record.js';
import { aSummary, grouped } from './a-run.js';

describe('reportDocument', () => {
  it('keeps to its published schema, whatever went wrong', () => {
    const record = new RunRecord('1.2.3', 1_700_000_000_000);
    record.listen({
      type: 'run-started',
      at: 0,
      source: 'Bitbucket Cloud workspace acme',
      port: 'https://api.getport.io',
      integration: 'mine',
      resources: [],
    });
    const problems = grouped(...Object.values(samples));
    const facts = record.facts(1_700_000_003_500);
    const report = reportDocument({ summary: aSummary(), problems, exitCode: 4 }, facts);

    expect(reportSchema.parse(report)).toEqual(report);
    expect(report).toMatchObject({
      outcome: 'incomplete',
      startedAt: '2023-11-14T22:13:20.000Z',
      endedAt: '2023-11-14T22:13:23.500Z',
      source: 'Bitbucket Cloud workspace acme',
      blueprints: [
        { blueprint: 'service', created: 2 },
        { blueprint: 'pullRequest', deleted: 3 },
      ],
    });
    expect(report.problems).toHaveLength(problems.length);
    expect(
      report.problems.find(({ code }) => code === 'field-failed')?.samples[0]?.item,
    ).not.toBeNull();
  });

  it('tells of a run that did not begin', () => {
    const facts = new RunRecord('1.2.3', 0).facts(0);
    const report = reportDocument({ summary: null, problems: [], exitCode: 3 }, facts);
    expect(reportSchema.parse(report)).toMatchObject({
      outcome: 'refused',
      source: null,
      resources: [],
      blueprints: [],
    });
  });
});
