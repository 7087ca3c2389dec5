import { test } from 'node:test';
import assert from 'node:assert/strict';
import { inPlace, parseQuestion, title, type Trace } from '../src/trace';

const hop = { method: 'GET', target: '/v1/models', server: { name: 'g:80' }, location: { name: '/v1/' }, answer: 'proxy_pass http://gate → GET /v1/models' };
const trace: Trace = {
  request: { url: 'http://g/v1/models', method: 'GET' },
  hops: [hop],
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
  const next = { ...hop, location: { name: '/' }, answer: 'return 204' };
  assert.equal(inPlace({ ...trace, hops: [hop, next] }), '← GET /v1/models: proxy_pass http://gate → GET /v1/models → location /: return 204');
  assert.equal(inPlace({ ...trace, hops: [{ ...hop, answer: '' }, { ...next, location: null }] }), '← GET /v1/models → server g:80: return 204');
  assert.equal(inPlace({ ...trace, branches: [{}] }), '← GET /v1/models: proxy_pass http://gate → GET /v1/models (it depends)');
  assert.equal(inPlace({ ...trace, hops: [] }), '');
  assert.equal(inPlace({ ...trace, hops: [{ ...hop, target: '/'.repeat(500) }] }).length, '← '.length + 160);
});

test('the tab is called what was asked', () => assert.equal(title(trace), 'GET http:∕∕g∕v1∕models'));
