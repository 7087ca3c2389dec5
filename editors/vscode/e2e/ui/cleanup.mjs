// A clean-up: shown with its diff, asked for, made, and taken back.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { ok, say } from './workbench.mjs';

export default async function cleanup(it) {
  const { page, file } = it;
  const before = fs.readFileSync(file, 'utf8');
  await it.run('nginx: Clean Up');
  await it.dialog().waitFor({ timeout: 30_000 });
  say(await it.dialog().innerText());
  assert.equal(fs.readFileSync(file, 'utf8'), before);
  await it.line('blocks to comment out', it.made('cleanup')).waitFor();
  ok('before anything is written it shows the plan and asks');
  await it.shot('cleanup-question');
  await it.dialog().getByRole('button', { name: 'Compare Files' }).click();
  const diff = page.locator('.monaco-diff-editor');
  await diff.first().waitFor({ timeout: 30_000 });
  const toast = page.locator('.notification-toast', { hasText: 'Comment out' });
  await toast.waitFor({ timeout: 30_000 });
  ok('the files can be compared, as they are and as they would be');
  await it.shot('vscode-cleanup');
  await toast.getByRole('button', { name: 'Comment Out' }).click();
  await diff.first().waitFor({ state: 'detached', timeout: 30_000 });
  await page.locator('.notification-toast', { hasText: 'commented out 10 blocks' }).waitFor({ timeout: 30_000 });
  await it.shot('cleanup-done');
  await it.run('File: Save All');
  const after = await it.saved(/nginx-analyzer: off since/);
  for (const line of after.split('\n').filter((line) => line.includes('off since'))) say(line.trim());
  ok('then the blocks are commented out, each with a dated line');
  await it.tidy();
  await it.run('nginx: Clean-Up: What Waits');
  await it.made('cleanup').first().waitFor({ timeout: 30_000 });
  await it.shot('cleanup-waits');
  await it.tidy();
  await it.run('nginx: Clean-Up: Restore');
  await it.dialog().waitFor({ timeout: 30_000 });
  say(await it.dialog().innerText());
  await it.shot('cleanup-restore');
  await it.dialog().getByRole('button', { name: 'Restore', exact: true }).click();
  await page.locator('.tabs-container .tab.dirty').first().waitFor({ timeout: 30_000 });
  await it.run('File: Save All');
  for (let turn = 0; turn < 200 && fs.readFileSync(file, 'utf8') !== before; turn += 1) await page.waitForTimeout(50);
  assert.equal(fs.readFileSync(file, 'utf8'), before);
  ok('and restored byte for byte');
  await it.run('Notifications: Clear All Notifications');
}
