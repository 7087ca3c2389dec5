import { test } from 'node:test';
import assert from 'node:assert/strict';
import { inPlace, parseQuestion, title, type Hop, type Trace } from '../src/trace';

const hop: Hop = {
  method: 'GET',
  target: '/v1/models',
  server: { name: 'g:80', file: 'nginx.conf', line: 2 },
  location: { name: '/v1/', file: 'nginx.conf', line: 3 },
  answer: 'proxy_pass http://gate → GET /v1/models',
  steps: [],
};
const trace: Trace = {
  request: { url: 'http://g/v1/models', method: 'GET' },
  hops: [hop],
  conditions: [],
  branches: [],
  gave_up: false,
  text: '',
  location: null,
  links: [],
};

test('a method may stand before the URL', () => {
  assert.deepEqual(parseQuestion(' http://a/b '), { url: 'http://a/b' });
  assert.deepEqual(parseQuestion('POST  /b?c'), { url: '/b?c', method: 'POST' });
  assert.deepEqual(parseQuestion('post /b'), { url: 'post /b' }, 'the server says what is wrong with it');
  assert.equal(parseQuestion('  '), undefined);
});

test('the answer in place says what the location does, and where the request goes on', () => {
  assert.equal(inPlace(trace), '← GET /v1/models: proxy_pass http://gate → GET /v1/models');
  const next = { ...hop, location: { name: '/', file: 'nginx.conf', line: 9 }, answer: 'return 204' };
  assert.equal(inPlace({ ...trace, hops: [hop, next] }), '← GET /v1/models: proxy_pass http://gate → GET /v1/models → location /: return 204');
  assert.equal(inPlace({ ...trace, hops: [{ ...hop, answer: '' }, { ...next, location: null }] }), '← GET /v1/models → server g:80: return 204');
  assert.equal(inPlace({ ...trace, branches: [{ conditions: [], hops: [] }] }), '← GET /v1/models: proxy_pass http://gate → GET /v1/models (it depends)');
  assert.equal(inPlace({ ...trace, hops: [] }), '');
  assert.equal(inPlace({ ...trace, hops: [{ ...hop, target: '/'.repeat(500) }] }).length, '← '.length + 160);
});

test('the tab is called what was asked', () => assert.equal(title(trace), 'GET http:∕∕g∕v1∕models'));
