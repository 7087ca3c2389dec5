// A server that is killed, and one that is started anew.
const { assert, expect, inside, lines, ok, open, servers, until, vscode } = require('./tools.cjs');

const running = (but = []) => until(() => inside().condition().process === 'running' && servers().find((pid) => !but.includes(pid)), 'a server runs');

module.exports = async () => {
  await open(548);
  await expect('dead-location', [548], 'a server runs and finds what it finds');
  await until(() => inside().condition().said?.quiescent ?? true, 'it is at rest');

  const restarted = vscode.commands.executeCommand('nginxAnalyzer.restart');
  await until(() => lines('dead-location').length === 0, 'a stopped server has no findings');
  await restarted;
  await expect('dead-location', [548], 'the restart command starts a server that finds the same');

  const killed = [];
  for (let time = 1; time <= 4; time += 1) {
    const pid = await running(killed);
    killed.push(pid);
    process.kill(pid, 'SIGKILL');
    await running(killed);
    if (time === 1) {
      await expect('dead-location', [548], 'killed, it is started again by itself and finds the same');
    }
  }
  ok('as long as it is not killed too often');
  process.kill(await running(killed), 'SIGKILL');
  await until(() => inside().condition().process === 'stopped', 'no more is started');
  assert.match(inside().condition().problem, /ended 5 times .* not started again/);
  assert.deepEqual(servers(), []);
  ok(`then it says so: ${inside().condition().problem}`);
  await vscode.commands.executeCommand('nginxAnalyzer.restart');
  await expect('dead-location', [548], 'and a person can start it again');
};
