// node ui.mjs URL FOLDER SHOTS PART…: what a person sees and does in the window, part by part (ui/PART.mjs). Screenshots go to SHOTS.
import assert from 'node:assert/strict';
import { withWindow } from './browser.mjs';
import { Workbench, ok } from './ui/workbench.mjs';

const [url, folder, shots, ...parts] = process.argv.slice(2);

await withWindow(shots, async (page) => {
  const it = new Workbench(page, url, folder, shots);
  await it.open();
  for (const [at, part] of parts.entries()) {
    console.log(`  ${part}`);
    if (at > 0) await it.tidy();
    const { default: run } = await import(`./ui/${part}.mjs`);
    await run(it);
  }
  assert.deepEqual(it.ours(), []);
  ok('no error of the extension in the console');
});
