import { test } from 'node:test';
import assert from 'node:assert/strict';
import { askApply, askFinish, askRestore, choices, command, type Kept } from '../src/cleanup';

const block = { file: 'nginx.conf', line: 5, block: 'location @gone' };

test('the commands are those of the server', () => assert.equal(command('plan'), 'nginx-analyzer.cleanup.plan'));

test('nothing is asked where there is nothing to do', () => {
  assert.equal(askApply({ blocks: [], files: [], held: [block], text: '' }), undefined);
  assert.equal(askFinish({ blocks: [], files: [], text: '' }), undefined);
  assert.equal(askRestore({ changed: [], brought_back: [], lost: [], text: '' }), undefined);
});

test('a question says how much, what goes along and what does not', () => {
  const one = askApply({ blocks: [block], files: [], text: '' });
  assert.equal(one?.question, 'Comment out 1 block?');
  assert.equal(one?.detail, 'A backup is written beside each file first, and Restore brings everything back.');
  const more = askApply({ blocks: [block, block], files: ['lua/a.lua'], held: [block], text: '' });
  assert.equal(more?.question, 'Comment out 2 blocks?');
  assert.match(more?.detail ?? '', /^1 file goes with them and stays where it is .* 1 more stays: it may be in use, .* without it\. The light bulb in its line comments it out/);
  assert.match(askFinish({ blocks: [block], files: ['a.lua', 'b.lua'], text: '' })?.detail ?? '', /^2 files are moved into the backup\. Restore/);
});

test('what can not be taken back is said before', () => {
  const lost = { block: 'location /a', file: 'nginx.conf', line: 9, backup: 'nginx.conf.backup_before_cleanup_20261128' };
  const asked = askRestore({ changed: ['nginx.conf'], brought_back: ['lua/a.lua'], lost: [lost], text: '' });
  assert.equal(
    asked?.detail,
    'It changes nginx.conf, lua/a.lua. location /a (nginx.conf:9) was edited since and stays as it is; the file as it was is in nginx.conf.backup_before_cleanup_20261128.',
  );
});

test('clean-ups are chosen by what is left of them', () => {
  const parts = [{ title: 'location @gone', undone: false }, { title: 'location /a', undone: true }];
  const record: Kept = { id: '20261128-1', what: 'apply', today: '2026-11-28', changes: [{ path: 'nginx.conf', parts }] };
  assert.deepEqual(choices({ records: [record], interrupted: [], text: '' }), [
    { label: '1 block commented out', description: '2026-11-28, 20261128-1', detail: 'location @gone', id: '20261128-1' },
  ]);
});
