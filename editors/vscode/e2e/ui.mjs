// node ui.mjs URL FOLDER SHOTS: what a person sees of the dead location, does about it, and gets. Screenshots go to SHOTS.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { withWindow } from './browser.mjs';

const [url, folder, shots] = process.argv.slice(2);
const file = path.join(folder, 'nginx.conf');
const ok = (what) => console.log(`ok   ${what}`);

await withWindow(shots, async (page) => {
  const shot = (name, clip) => page.screenshot({ path: path.join(shots, `${name}.png`), ...(clip && { clip }) });
  const errors = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));

  await page.goto(`${url}/?folder=${encodeURIComponent(folder)}`, { waitUntil: 'domcontentloaded' });
  await page.locator('.part.statusbar').waitFor({ timeout: 60_000 });
  const editor = page.locator('.monaco-editor[data-uri$="nginx.conf"]');
  await page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'nginx.conf' }).dblclick({ timeout: 30_000 });
  await editor.waitFor({ timeout: 30_000 });
  await page.keyboard.press('Control+B'); // no side bar: the picture is of the editor

  /** The cursor at a line, the line in the middle. */
  const goTo = async (line, column) => {
    await page.keyboard.press('Control+G');
    const box = page.locator('.quick-input-widget input.input');
    await box.waitFor();
    await box.fill(`:${line}:${column}`);
    await page.keyboard.press('Enter');
    await box.waitFor({ state: 'hidden' });
  };
  /** The line as the editor shows it; a blank is a no-break space there. */
  const shown = (text) => editor.locator('.view-line', { hasText: new RegExp(text.replaceAll(' ', '\\s')) });

  await editor.locator('.view-lines').click();
  await goTo(548, 12);
  const squiggle = editor.locator('.squiggly-warning, .squiggly-error');
  await squiggle.first().waitFor({ timeout: 30_000 });
  ok('the dead location is underlined');

  // What the problem's list says.
  await page.keyboard.press('Control+Shift+M');
  const problems = page.locator('.markers-panel .monaco-list-row');
  await problems.filter({ hasText: 'no request is ever served by' }).first().waitFor({ timeout: 10_000 });
  for (const row of await problems.allInnerTexts()) console.log(`     ${row.replace(/\s+/g, ' ')}`);
  ok('the list of problems says why');
  await shot('problems');
  await page.keyboard.press('Control+J'); // the panel goes

  // The hover on the location; the cursor is elsewhere.
  await goTo(558, 1);
  const name = shown('location /admin/ {').locator('span', { hasText: '/admin/' }).last();
  await name.hover();
  const hover = page.locator('.monaco-hover:visible', { hasText: 'no request is ever served by' }).first();
  await hover.waitFor({ timeout: 10_000 });
  console.log(`     ${(await hover.innerText()).replace(/\s+/g, ' ')}`);
  ok('the hover says why');
  const part = await page.locator('.part.editor').boundingBox();
  /** The part of the editor from above a line to below a box that hangs on it. */
  const around = async (line, box, above, below) => {
    const [of, hung] = [await line.boundingBox(), await box.boundingBox()];
    const top = Math.max(part.y, Math.min(of.y, hung.y) - above);
    const bottom = Math.min(part.y + part.height, Math.max(of.y + of.height, hung.y + hung.height) + below);
    const right = Math.min(part.x + part.width, Math.max(part.x + 860, hung.x + hung.width + 24));
    return { x: part.x, y: top, width: right - part.x, height: bottom - top };
  };
  await hover.getByText('Quick Fix...').waitFor({ timeout: 10_000 });
  await shot('vscode-dead-location', await around(shown('location /admin/ {'), hover, 30, 190));
  await page.keyboard.press('Escape');

  // The light bulb's menu, and its quick fix.
  await goTo(548, 12);
  await page.keyboard.press('Control+.');
  const menu = page.locator('.action-widget:not(.action-list-submenu-panel)');
  const entry = menu.locator('.monaco-list-row', { hasText: 'Comment out' }).first();
  await entry.waitFor({ timeout: 10_000 });
  for (const row of await menu.locator('.monaco-list-row').allInnerTexts()) console.log(`     ${row.replace(/\s+/g, ' ')}`);
  ok('the menu offers to comment the block out');
  await shot('vscode-quick-fix', await around(shown('location /admin/ {'), menu, 60, 110));
  await entry.click();
  await shown('#X# location /admin/ {').waitFor({ timeout: 10_000 });
  await editor.locator('.squiggly-warning').waitFor({ state: 'detached', timeout: 10_000 }).catch(() => undefined);
  ok('the quick fix comments it out');
  await page.keyboard.press('Control+S');
  for (let i = 0; i < 100 && !fs.readFileSync(file, 'utf8').includes('#X# location /admin/ {'); i += 1) await page.waitForTimeout(50);
  assert.match(fs.readFileSync(file, 'utf8'), /^ {8}#X# location \/admin\/ \{$/m);
  ok('the saved file has it');
  await shot('commented-out');

  await page.keyboard.press('Control+.');
  const restore = menu.locator('.monaco-list-row', { hasText: 'Restore' }).first();
  await restore.waitFor({ timeout: 10_000 });
  await shot('restore-menu');
  await restore.click();
  await shown('#X# location /admin/ {').waitFor({ state: 'detached', timeout: 10_000 });
  await squiggle.first().waitFor({ timeout: 10_000 });
  ok('restored, and underlined again');

  // Which location serves a URL: asked in the palette, answered behind the location's line and on a page beside.
  await page.keyboard.press('F1');
  const input = page.locator('.quick-input-widget input.input');
  await input.waitFor();
  await input.fill('>nginx: Which location serves');
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Which location serves' }).first().waitFor({ timeout: 10_000 });
  await page.keyboard.press('Enter');
  await page.locator('.quick-input-widget', { hasText: 'A URL, or a path for the server at the cursor' }).waitFor({ timeout: 10_000 });
  await input.fill('http://gateway.example.com/v1/models');
  await page.keyboard.press('Enter');
  const way = page.locator('.monaco-editor[data-uri^="nginx-analyzer-trace:"]');
  await way.locator('.view-line', { hasText: 'GET' }).first().waitFor({ timeout: 10_000 });
  await page.locator('.statusbar-item', { hasText: 'Ln 221' }).waitFor({ timeout: 10_000 });
  ok('a URL is traced to its location on line 221');
  await page.setViewportSize({ width: 1700, height: 560 });
  await shown('location /v1/ {').last().waitFor({ timeout: 10_000 });
  await shot('vscode-trace', await page.locator('.part.editor').boundingBox());

  const status = page.locator('.statusbar-item', { hasText: 'nginx' });
  console.log(`     status bar: ${(await status.allInnerTexts()).join(' | ')}`);
  const ours = errors.filter((text) => /nginx-analyzer/i.test(text));
  assert.deepEqual(ours, []);
  ok('no error of the extension in the console');
});
