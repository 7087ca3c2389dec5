// node host.mjs URL FOLDER EXTENSION TESTS SHOTS: runs TESTS inside the extension host that serves FOLDER, with EXTENSION under development,
// as @vscode/test-electron does with a desktop VS Code.
import { withWindow } from './browser.mjs';

const [url, folder, extension, tests, shots] = process.argv.slice(2);
const authority = new URL(url).host;
const remote = (path) => ({ $mid: 1, scheme: 'vscode-remote', authority, path });

await withWindow(shots, async (page) => {
  let finished;
  const exit = new Promise((resolve) => (finished = resolve));
  // What the workbench calls when an extension test prints and when it ends.
  await page.exposeFunction('codeAutomationLog', (_type, parts) => {
    const line = parts.join(' ');
    if (process.env.VERBOSE || /^(ok |FAIL|  |AssertionError|Error: )/.test(line)) console.log(line.replaceAll(/%[co]/g, ''));
  });
  await page.exposeFunction('codeAutomationExit', finished);
  // Which tests to run stands in the page's own configuration. It is put there while the page reads it: a page that is served
  // by an interceptor counts as non-local in Chromium, which then blocks its connection to the extension host.
  await page.addInitScript(
    (options) => {
      const read = Element.prototype.getAttribute;
      Element.prototype.getAttribute = function (name) {
        const value = read.call(this, name);
        if (name !== 'data-settings' || this.id !== 'vscode-workbench-web-configuration' || !value) return value;
        const configuration = JSON.parse(value);
        configuration.developmentOptions = { ...configuration.developmentOptions, ...options };
        return JSON.stringify(configuration);
      };
    },
    { extensions: [remote(extension)], extensionTestsPath: remote(tests) },
  );
  await page.goto(`${url}/?folder=${encodeURIComponent(folder)}`);
  const late = new Promise((resolve) => setTimeout(() => resolve('none after 300 seconds'), 300_000).unref());
  const code = await Promise.race([exit, late]);
  if (code !== 0) throw new Error(`the extension host's tests ended with ${code}`);
});
