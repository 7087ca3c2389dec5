import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { apply, parse } from '../src/patch';

const before = 'a {\n  b;\n}\nc;\nd;\ne;\nf;\ng;\nh;\ni;\nj;\nk {\n--- x;\n}\n';
const after = 'a {\n  #X# b;\n}\nc;\nd;\ne;\nf;\ng;\nh;\ni;\nj;\n#X# k {\n#X# --- x;\n#X# }\nnew;\n';

test('what diff(1) writes gives the other file', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'nginx-analyzer-'));
  try {
    const names = ['a.conf', 'b.conf'].map((name) => path.join(folder, name)) as [string, string];
    fs.writeFileSync(names[0], before);
    fs.writeFileSync(names[1], after);
    const diff = (from: string, to: string) => {
      try {
        return execFileSync('diff', ['-u', from, to], { encoding: 'utf8' });
      } catch (error) {
        return (error as { stdout: string }).stdout; // the exit status says that they differ
      }
    };
    const [there] = parse(diff(...names));
    const [back] = parse(diff(names[1], names[0]));
    assert.equal(there?.hunks.length, 2);
    assert.equal(apply(before, there!), after);
    assert.equal(apply(after, back!), before);
    assert.equal(apply(before.replace('b;', 'B;'), there!), undefined, 'another text');
    assert.equal(apply(before.replaceAll('\n', '\r\n'), there!) !== undefined, true, 'line ends do not matter');
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});

test('several files, names with a prefix or none, lines that look like headers', () => {
  const diff = '--- a/nginx.conf\n+++ b/nginx.conf\n@@ -1,2 +1,2 @@\n-a;\n+++ b;\n c;\n--- /etc/x.conf\n+++ /etc/x.conf\n@@ -1 +1 @@\n-x;\n+y;\n\\ No newline at end of file\n';
  const files = parse(diff);
  assert.deepEqual(files.map(({ file }) => file), ['nginx.conf', '/etc/x.conf']);
  assert.equal(apply('a;\nc;\n', files[0]!), '++ b;\nc;\n');
  assert.equal(apply('x;', files[1]!), 'y;');
  assert.deepEqual(parse('nothing\n'), []);
  assert.equal(apply('', files[0]!), undefined);
});

test('lines that are only added come behind the line that is named', () => {
  const [file] = parse('--- a\n+++ b\n@@ -1,0 +2 @@\n+x;\n');
  assert.equal(apply('a;\nb;\n', file!), 'a;\nx;\nb;\n');
});
