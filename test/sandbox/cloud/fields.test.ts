import { describe, expect, it } from '@jest/globals';
import { partialResponse } from '../../../src/sandbox/cloud/partial-response.js';

const page = {
  pagelen: 10,
  next: 'n',
  values: [{ id: 1, author: { name: 'a', links: { self: 's' } }, reviewers: [{ name: 'r' }] }],
};
const author = { name: 'a', links: { self: 's' } };
const hidden = ['values.reviewers'];

describe('fields', () => {
  it.each([
    [null, { ...page, values: [{ id: 1, author }] }],
    ['+values.reviewers', page],
    ['+values.reviewers.name', page],
    ['+values.*', page],
    ['+values.reviewers.other', { ...page, values: [{ id: 1, author, reviewers: [{}] }] }],
    ['values.id', { values: [{ id: 1 }] }],
    ['values.id,next', { next: 'n', values: [{ id: 1 }] }],
    ['values', { values: [{ id: 1, author }] }],
    ['values.id,+values.reviewers', { values: [{ id: 1, reviewers: [{ name: 'r' }] }] }],
    ['values.author.name', { values: [{ author: { name: 'a' } }] }],
    ['-values.author', { ...page, values: [{ id: 1 }] }],
    ['-next,-values.*.links', { pagelen: 10, values: [{ id: 1, author: { name: 'a' } }] }],
    [
      '-values.id,-pagelen,+values.reviewers',
      { next: 'n', values: [{ author, reviewers: [{ name: 'r' }] }] },
    ],
    ['nothing.there', {}],
  ])('%p leaves what it asks for', (fields, expected) => {
    expect(partialResponse(page, fields, hidden)).toEqual(expected);
  });

  it.each([' values.reviewers', 'a,', 'a..b', '+', 'a b', '*.'])('%p is refused', (fields) => {
    expect(() => partialResponse(page, fields, [])).toThrow('fields=');
  });
});
