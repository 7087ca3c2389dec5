import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readStatus, show } from '../src/condition';

test('the process, then what the server says of itself, then what is wrong with it', () => {
  assert.deepEqual(show({ process: 'running' }), { text: 'nginx-analyzer', tooltip: 'nginx-analyzer: ready', level: 'normal', busy: false });
  assert.equal(show({ process: 'starting' }).busy, true);
  assert.deepEqual([show({ process: 'restarting' }).level, show({ process: 'restarting' }).busy], ['warning', true]);
  assert.equal(show({ process: 'stopped', problem: 'it ended 5 times' }).tooltip, 'nginx-analyzer: it ended 5 times');
  assert.equal(show({ process: 'missing' }).level, 'error');
  const busy = show({ process: 'running', said: { health: 'warning', quiescent: false, message: 'reading logs' } });
  assert.deepEqual([busy.busy, busy.tooltip, busy.level], [true, 'nginx-analyzer: reading logs', 'normal']);
  const sick = show({ process: 'running', said: { health: 'warning', quiescent: true, message: 'nginx-analyzer.toml: line 3' } });
  assert.deepEqual([sick.busy, sick.tooltip, sick.level], [false, 'nginx-analyzer: nginx-analyzer.toml: line 3', 'warning']);
  assert.equal(show({ process: 'running', said: { health: 'error', quiescent: true } }).level, 'error');
  assert.equal(show({ process: 'running', said: { health: 'ok', quiescent: true }, problem: 'too old' }).level, 'warning');
});

test('what is no status is not taken for one', () => {
  assert.deepEqual(readStatus({ health: 'ok', quiescent: true, message: '' }), { health: 'ok', quiescent: true });
  assert.deepEqual(readStatus({ health: 'warning', quiescent: false, message: 'm', more: 1 }), { health: 'warning', quiescent: false, message: 'm' });
  for (const wrong of [null, undefined, 'ok', {}, { health: 'fine', quiescent: true }, { health: 'ok' }]) assert.equal(readStatus(wrong), undefined);
});
