// A folder that is not trusted: it is read, nothing that it names is run, and nothing is written.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { ok } from './workbench.mjs';

export default async function trust(it) {
  const { page, folder, file } = it;
  const before = fs.readFileSync(file, 'utf8');
  await page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor({ timeout: 30_000 });
  await it.goTo(548, 12);
  await it.editor.locator('.squiggly-warning').first().waitFor({ timeout: 30_000 });
  ok('in a folder that is not trusted the dead location is found');
  assert.equal(fs.existsSync(path.join(folder, 'ran')), false);
  ok('the program that its settings name is not run');
  await it.run('nginx: Clean Up');
  await page.locator('.notification-toast', { hasText: 'nothing is written in a workspace that you do not trust' }).waitFor({ timeout: 30_000 });
  assert.equal(fs.readFileSync(file, 'utf8'), before);
  assert.equal(fs.existsSync(path.join(folder, '.nginx-analyzer')), false);
  ok('a clean-up is refused, with the reason');
  await it.shot('trust-restricted');

  assert.deepEqual(it.ours(), []);

  await page.locator('.notification-toast').getByRole('button', { name: 'Manage Workspace Trust' }).click();
  await page.locator('.workspace-trust-editor').getByRole('button', { name: 'Trust', exact: true }).click({ timeout: 30_000 });
  await page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor({ state: 'hidden', timeout: 20_000 });
  for (let turn = 0; turn < 200 && !fs.existsSync(path.join(folder, 'ran')); turn += 1) await page.waitForTimeout(50);
  assert.equal(fs.existsSync(path.join(folder, 'ran')), true);
  ok('once somebody trusts it, its setting counts');
  // That program is no server, which is said.
  await page.locator('.notification-toast', { hasText: /\(from setting\) did not start: it ended at once/ }).waitFor({ timeout: 20_000 });
  assert.equal(await page.locator('.notification-toast').count(), 1, 'one message');
  await it.shot('server-not-started');
  ok('and as that is no server, a message says which program did not run');
  it.errors.length = 0;
}
