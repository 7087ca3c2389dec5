// Which location serves a URL: asked in the palette, answered behind the location's line, on a page beside and as a tree.
import { ok } from './workbench.mjs';

export default async function trace(it) {
  const { page } = it;
  await it.goTo(105);
  await it.size(1640, 640);
  await it.run('nginx: Which location serves');
  await page.locator('.quick-input-widget', { hasText: 'A URL, or a path for the server at the cursor' }).waitFor({ timeout: 30_000 });
  await it.box().fill('http://gateway.example.com/v1/models');
  await it.shot('trace-question');
  await page.keyboard.press('Enter');
  const way = it.made('trace');
  await it.line('GET', way).first().waitFor({ timeout: 30_000 });
  await page.locator('.statusbar-item', { hasText: 'Ln 221' }).waitFor({ timeout: 30_000 });
  // What stands behind the line is no text of the document.
  await page.waitForFunction(() => [...document.querySelectorAll('.view-line span')].some((span) => /← GET \/v1\/models/.test(getComputedStyle(span, '::after').content)), undefined, { timeout: 30_000 });
  ok('a URL is traced to its location on line 221, and the answer stands behind it');
  await it.shot('vscode-trace', await page.locator('.part.editor').boundingBox());

  await it.run('nginx: Focus on Trace View');
  const view = page.locator('.pane', { has: page.locator('.pane-header', { hasText: 'Trace' }) });
  const step = view.locator('.monaco-list-row', { hasText: 'nginx.conf:592' }).first();
  await view.locator('.monaco-list-row', { hasText: 'location /v1/' }).first().waitFor({ timeout: 30_000 });
  await step.waitFor({ timeout: 30_000 });
  await it.shot('trace-tree');
  await step.click();
  await page.locator('.statusbar-item', { hasText: 'Ln 592' }).waitFor({ timeout: 30_000 });
  ok('the tree has the same steps, and a click goes to the line of one');
  await it.size(1280, 800);
}
