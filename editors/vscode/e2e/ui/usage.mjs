// Who uses a location: in a line above it, and the places that show it after a click.
import { ok, say } from './workbench.mjs';

export default async function usage(it) {
  const { page, editor } = it;
  await it.goTo(118, 9);
  const lens = editor.locator('.codelens-decoration:visible a', { hasText: '175 hits' });
  await lens.waitFor({ timeout: 30_000 });
  say(await lens.innerText());
  await lens.click();
  const peek = page.locator('.peekview-widget');
  await peek.locator('.ref-tree .monaco-list-row').nth(2).waitFor({ timeout: 20_000 });
  for (const row of await peek.locator('.ref-tree .monaco-list-row').allInnerTexts()) say(row);
  // With its colours, for the picture.
  const colours = () => [...document.querySelectorAll('.peekview-widget .view-line')].some((line) => line.textContent.includes('fetch') && new Set([...line.querySelectorAll('[class*=mtk]')].map((word) => /mtk\d+/.exec(word.className)?.[0])).size > 2);
  await page.waitForFunction(colours, undefined, { timeout: 20_000 });
  ok('a click on the line above a location lists the places that show who uses it');
  await it.shot('vscode-code-lens', await it.around([lens, peek], { above: 60, below: 20 }));
  await page.keyboard.press('Escape');
  await peek.waitFor({ state: 'detached' });
}
