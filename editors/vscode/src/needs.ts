// What this extension asks of a server. An older one still serves with what it has. Nothing here knows the editor, so that tests can run it.

/** The server's commands, and what a person misses without them. */
export const COMMANDS = {
  'nginx-analyzer.trace': 'tracing a URL',
  'nginx-analyzer.evidence': 'usage evidence',
  'nginx-analyzer.cleanup.plan': 'cleaning up',
  'nginx-analyzer.map': 'the gateway map',
  'nginx-analyzer.effective': 'the effective configuration',
  'nginx-analyzer.report': 'the report',
} as const;

export type Command = keyof typeof COMMANDS;

/** Those that a server with these commands lacks. */
export function missing(offered: readonly string[]): Command[] {
  return (Object.keys(COMMANDS) as Command[]).filter((command) => !offered.includes(command));
}

/** What is said about a server that lacks some. */
export function tooOld(lacks: readonly Command[], version: string | undefined, found: { command: string; from: string }): string {
  const what = lacks.map((command) => `${COMMANDS[command]} (${command})`);
  const names = what.length > 1 ? `${what.slice(0, -1).join(', ')} and ${what[what.length - 1]}` : what.join('');
  return `the server ${version ? `is version ${version} and ` : ''}is older than this extension: it lacks ${names}. Everything else works. It is ${found.command} (from ${found.from}); update it with \`cargo install nginx-analyzer\`.`;
}
