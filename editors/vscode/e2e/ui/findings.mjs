// The dead location: underlined, explained, commented out and brought back.
import assert from 'node:assert/strict';
import { ok, say } from './workbench.mjs';

export default async function findings(it) {
  const { page, editor } = it;
  const dead = it.line('location /admin/');
  await it.goTo(548, 12);
  const squiggle = editor.locator('.squiggly-warning, .squiggly-error');
  await squiggle.first().waitFor({ timeout: 30_000 });
  ok('the dead location is underlined');

  // What the problem's list says.
  await page.keyboard.press('Control+Shift+M');
  const problems = page.locator('.markers-panel .monaco-list-row');
  await page.locator('.pane-body.integrated-filter, .markers-panel-container, .panel').locator('input[placeholder^="Filter"]').first().fill('dead-location');
  await problems.filter({ hasText: 'no request is ever served by' }).first().waitFor({ timeout: 30_000 });
  for (const row of await problems.allInnerTexts()) say(row);
  ok('the list of problems says why');
  await it.shot('problems');
  await page.keyboard.press('Control+J'); // the panel goes
  await page.locator('.markers-panel').waitFor({ state: 'hidden' });

  // The hover on the location; the cursor is elsewhere.
  await it.goTo(558, 1);
  await editor.locator('.codelens-decoration:visible', { hasText: 'no hits' }).first().waitFor({ timeout: 30_000 });
  await dead.locator('span', { hasText: '/admin/' }).last().hover({ position: { x: 20, y: 8 } });
  const hover = page.locator('.monaco-hover:visible', { hasText: 'no request is ever served by' }).first();
  await hover.waitFor({ timeout: 30_000 });
  say(await hover.innerText());
  ok('the hover says why');
  await hover.getByText('Quick Fix...').waitFor({ timeout: 30_000 });
  await it.shot('vscode-dead-location', await it.around([dead, hover], { above: 40, below: 130, left: 200, most: 980 }), { mouse: true });
  await page.keyboard.press('Escape');

  // The light bulb's menu, and its quick fix.
  await it.goTo(548, 12);
  await page.keyboard.press('Control+.');
  const menu = page.locator('.action-widget:not(.action-list-submenu-panel)');
  const entry = menu.locator('.monaco-list-row', { hasText: 'Comment out' }).first();
  await entry.waitFor({ timeout: 30_000 });
  for (const row of await menu.locator('.monaco-list-row').allInnerTexts()) say(row);
  ok('the menu offers to comment the block out');
  await it.shot('vscode-quick-fix', await it.around([dead, menu], { above: 60, below: 60, left: 200, most: 840 }));
  await entry.click();
  await it.line('#X# location /admin/ {').waitFor({ timeout: 30_000 });
  await page.keyboard.press('Control+S');
  const text = await it.saved(/#X# location \/admin\/ \{/);
  assert.match(text, /^ {8}#X# location \/admin\/ \{$/m);
  ok('the quick fix comments it out, and the saved file has it');
  await it.shot('commented-out');

  // VS Code drops the question where diagnostics come while it is asked, and says that there is nothing: a person asks again.
  await it.line('never reached').waitFor({ state: 'detached', timeout: 30_000 });
  const restore = menu.locator('.monaco-list-row', { hasText: 'Restore' }).first();
  const nothing = page.getByText('No code actions available');
  for (let tries = 0; tries < 3 && !(await restore.isVisible()); tries++) {
    await page.keyboard.press('Control+.');
    await restore.or(nothing).first().waitFor({ timeout: 30_000 });
  }
  await restore.waitFor({ timeout: 30_000 });
  await it.shot('restore-menu');
  await restore.click();
  await it.line('#X# location /admin/ {').waitFor({ state: 'detached', timeout: 30_000 });
  await squiggle.first().waitFor({ timeout: 30_000 });
  await page.keyboard.press('Control+S');
  await it.saved(/^ {8}location \/admin\/ \{$/m);
  ok('restored, and underlined again');
}
