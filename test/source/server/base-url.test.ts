import { describe, expect, it } from '@jest/globals';
import { restRoot } from '../../../src/source/server/routes.js';

describe('the root of the REST API', () => {
  it.each([
    ['https://bitbucket.example.com', 'https://bitbucket.example.com/rest/api/1.0'],
    ['https://bitbucket.example.com/', 'https://bitbucket.example.com/rest/api/1.0'],
    ['https://bitbucket.example.com:8443', 'https://bitbucket.example.com:8443/rest/api/1.0'],
    ['https://example.com/bitbucket', 'https://example.com/bitbucket/rest/api/1.0'],
    ['https://example.com/git/bitbucket//', 'https://example.com/git/bitbucket/rest/api/1.0'],
    ['https://example.com/rest/api/1.0', 'https://example.com/rest/api/1.0'],
    ['https://example.com/rest/api/1.0/', 'https://example.com/rest/api/1.0'],
    ['https://example.com/rest/api/latest', 'https://example.com/rest/api/1.0'],
    [
      'https://example.com/bitbucket/rest/api/latest/',
      'https://example.com/bitbucket/rest/api/1.0',
    ],
    ['https://example.com/bitbucket/rest/api', 'https://example.com/bitbucket/rest/api/1.0'],
    ['https://example.com/rest/apis', 'https://example.com/rest/apis/rest/api/1.0'],
    ['https://example.com/interest/api/1.0', 'https://example.com/interest/api/1.0/rest/api/1.0'],
    ['https://user:secret@example.com/?os_auth=1#top', 'https://example.com/rest/api/1.0'],
  ])('of %s is %s', (baseUrl, root) => {
    expect(restRoot(new URL(baseUrl)).href).toBe(root);
  });
});
