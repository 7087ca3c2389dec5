// The graph of the gateway map, in its tab beside the configuration.
import assert from 'node:assert/strict';
import { ok, say } from './workbench.mjs';

export default async function graph(it) {
  const { page } = it;
  await it.goTo(317, 9);
  await it.run('nginx: Show Graph');
  const shown = it.webview();
  const current = shown.locator('.card.current .label');
  await current.waitFor({ timeout: 30_000 });
  assert.equal(await current.innerText(), '/oauth2/');
  say(await shown.locator('.summary').innerText());
  await it.tab('Gateway map: nginx.conf').waitFor();
  ok('the graph opens beside, at the location of the cursor');
  await it.shot('graph-beside');

  // Alone in the window, with all that is behind one of the upstreams.
  await page.keyboard.press('Escape');
  await it.run('View: Maximize Editor Group');
  await it.size(1440, 900);
  await shown.locator('.card', { hasText: 'openresty_internal' }).first().click();
  await shown.locator('.details h2', { hasText: 'openresty_internal' }).waitFor();
  await it.shot('vscode-graph', await page.locator('.part.editor').boundingBox());
  await shown.locator('.chip', { hasText: 'dead' }).click();
  await shown.locator('.summary', { hasText: '1 of 44 locations' }).waitFor();
  await it.shot('graph-dead');
  await it.size(1280, 800);
  await it.run('View: Toggle Maximize Editor Group');

  // A double click on the one that is left goes to its line.
  await shown.locator('.card.location', { hasText: '/admin/' }).dblclick();
  await page.locator('.statusbar-item', { hasText: 'Ln 548' }).waitFor({ timeout: 30_000 });
  ok('only the dead one is left by a filter, and a double click goes to its line');
}
