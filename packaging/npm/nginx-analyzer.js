#!/usr/bin/env node
// Starts the binary of the package for this platform, with the same arguments, input and output.
'use strict';

const { spawn } = require('node:child_process');
const { constants } = require('node:os');

const platforms = ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64', 'win32-x64'];

function binary() {
  const platform = `${process.platform}-${process.arch}`;
  if (!platforms.includes(platform)) {
    throw new Error(`there is no binary for ${platform}, only for ${platforms.join(', ')}. Build it from source: cargo install nginx-analyzer`);
  }
  const name = process.platform === 'win32' ? 'nginx-analyzer.exe' : 'nginx-analyzer';
  try {
    return require.resolve(`@nginx-analyzer/${platform}/bin/${name}`);
  } catch {
    throw new Error(
      `the package @nginx-analyzer/${platform} is not installed. It is an optional dependency: install again without --omit=optional, ` +
        'and on this system if node_modules was copied from another one.',
    );
  }
}

let child;
try {
  child = spawn(binary(), process.argv.slice(2), { stdio: 'inherit' });
} catch (error) {
  console.error(`nginx-analyzer: ${error.message}`);
  process.exit(2);
}
child.on('error', (error) => {
  console.error(`nginx-analyzer: ${error.message}`);
  process.exit(2);
});
// Who stops this process means the binary.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => child.kill(signal));
}
// As a shell does: a program that a signal ended has 128 and the signal's number.
child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
