// The gateway map in the side bar.
import { ok, say } from './workbench.mjs';

export default async function map(it) {
  const { page } = it;
  await it.goTo(548, 12);
  await it.run('nginx: Show Location at the Cursor in the Map');
  const view = page.locator('.pane', { has: page.locator('.pane-header', { hasText: 'Gateway Map' }) });
  const rows = view.locator('.monaco-list-row');
  await rows.filter({ hasText: '/admin/' }).and(page.locator('.selected')).waitFor({ timeout: 30_000 });
  for (const row of (await rows.allInnerTexts()).slice(0, 12)) say(row);
  ok('the location at the cursor is selected in the map');
  await it.shot('map-at-cursor');

  // The same with the map alone in a wider side bar, from the top, one location unfolded down to the routes that requests get to.
  await page.locator('.pane-header', { hasText: 'Trace' }).click();
  const bar = await it.sideBar.boundingBox();
  await page.mouse.move(bar.x + bar.width, bar.y + 300);
  await page.mouse.down();
  await page.mouse.move(bar.x + 480, bar.y + 300, { steps: 5 });
  await page.mouse.up();
  await it.goTo(316, 9);
  await it.run('nginx: Show Location at the Cursor in the Map');
  await rows.filter({ hasText: '/oauth2/' }).and(page.locator('.selected')).waitFor({ timeout: 30_000 });
  await view.locator('.monaco-list-row[aria-label^="upstream oauth2_proxy_backend"] .monaco-tl-twistie').click();
  await view.locator('.monaco-list-row[aria-label*="/oauth2/callback"]').waitFor({ timeout: 30_000 });
  await page.mouse.wheel(0, -2000);
  await it.editor.locator('.codelens-decoration:visible', { hasText: '70 hits' }).waitFor({ timeout: 20_000 });
  await it.shot('vscode-map');
  ok('behind a location stands who answers, and the routes');

  // A filter, as one chooses it.
  await it.run('nginx: Filter the Map by Verdict');
  await it.choice('dead').waitFor({ timeout: 30_000 });
  await it.shot('map-filter');
  await it.choice('dead').click();
  await page.keyboard.press('Enter');
  await view.locator('.pane-header', { hasText: 'only dead' }).waitFor({ timeout: 30_000 });
  await rows.filter({ hasText: '/key/generate' }).first().waitFor({ state: 'detached', timeout: 30_000 });
  await it.shot('map-filtered');
  await it.run('nginx: Show All of the Map');
  await rows.filter({ hasText: '/key/generate' }).first().waitFor({ timeout: 30_000 });
  ok('a filter leaves the dead one, and goes again');
  await it.toggleSideBar(false);
}
