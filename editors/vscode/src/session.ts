// The server's life: found, started, watched, started again.

import * as vscode from 'vscode';
import {
  CloseAction,
  ErrorAction,
  LSPErrorCodes,
  LanguageClient,
  ResponseError,
  RevealOutputChannelOn,
  State,
  TransportKind,
  type ErrorHandler,
  type Executable,
  type Middleware,
  type StaticFeature,
} from 'vscode-languageclient/node';
import { readStatus, type Condition } from './condition';
import { Crashes, MOST } from './crashes';
import { missing, tooOld, type Command } from './needs';
import { SECTION, findServer, isExecutable, type Found } from './server';

/** Asks for what no part of the protocol has: rust-analyzer's notification of how the server is. */
const serverStatus: StaticFeature = {
  fillClientCapabilities: (capabilities) => (capabilities.experimental = { ...(capabilities.experimental as object), serverStatusNotification: true }),
  initialize: () => undefined,
  getState: () => ({ kind: 'static' }),
  clear: () => undefined,
};

/** How long a question waits for a server that starts, or reads, in milliseconds. */
const PATIENCE = 15_000;

/** How often a question is asked again that a change overtook. */
const AGAIN = 5;

/** Said to a person where the server can't be asked. */
export class NotRunning extends Error {
  constructor(message = 'the server does not run.') {
    super(message);
  }
}

/** Says nothing in windows of its own: this extension says in its words, once, what a person has to know. */
class QuietClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}

const ENDED = 'it ended at once, without a word of the protocol.';

/** Why a program did not become a server. */
function reason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /EPIPE|destroyed|disposed|closed/.test(message) ? ENDED : message;
}

export class Session implements vscode.Disposable {
  private running: LanguageClient | undefined;
  private now: Condition = { process: 'idle' };
  private offered: readonly string[] = [];
  private toldOld = false;
  private readonly crashes = new Crashes();
  private readonly changed = new vscode.EventEmitter<Condition>();
  /** The server's process, or what it says of itself. */
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly context: vscode.ExtensionContext,
    readonly log: vscode.LogOutputChannel,
    /** Looks at the answers to the commands that the server's code lenses name. */
    private readonly executeCommand: NonNullable<Middleware['executeCommand']>,
  ) {}

  get condition(): Condition {
    return this.now;
  }

  get client(): LanguageClient | undefined {
    return this.running;
  }

  find(): Found | undefined {
    const configured = vscode.workspace.getConfiguration(SECTION).get<string>('server.path', '');
    return findServer({ configured, extensionPath: this.context.extensionPath, platform: process.platform, env: process.env, isExecutable });
  }

  has(command: Command): boolean {
    return this.running?.isRunning() === true && this.offered.includes(command);
  }

  /** Starts the server unless it was started before. */
  async ensureStarted(): Promise<void> {
    if (this.now.process === 'idle') await this.start();
  }

  private async start(): Promise<void> {
    const found = this.find();
    // A message is not waited for: as long as it stands there the extension would count as not yet active, and its commands would wait with it.
    if (!found) return void this.sayMissing();
    this.log.info(`starting ${found.command} (from ${found.from})`);
    let wasReady = false;
    let wasTold = false;
    // The client notices it by the end of the process or by what it can't write, whichever comes first, or by both.
    const failed = (why: string): void => {
      if (wasTold || client !== this.running) return;
      wasTold = true;
      const problem = `${found.command} (from ${found.from}) did not start: ${why}`;
      this.become({ process: 'stopped', problem });
      void this.saySick(problem);
    };
    const run: Executable = { command: found.command, args: found.args, transport: TransportKind.stdio };
    const client = new QuietClient('nginxAnalyzer', 'nginx-analyzer', { run, debug: run }, {
      // Not the pages that this extension itself makes, nor one side of a comparison.
      documentSelector: ['file', 'untitled'].map((scheme) => ({ scheme, language: 'nginx' })),
      outputChannel: this.log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      synchronize: { configurationSection: SECTION },
      initializationOptions: () => ({ [SECTION]: vscode.workspace.getConfiguration(SECTION), trusted: vscode.workspace.isTrusted }),
      middleware: { executeCommand: this.executeCommand },
      errorHandler: this.errorHandler(found, () => {
        if (!wasReady) failed(ENDED);
        return wasReady;
      }),
      initializationFailedHandler: () => false,
    });
    client.registerFeature(serverStatus);
    client.onNotification('experimental/serverStatus', (params: unknown) => {
      const said = readStatus(params);
      if (said && client === this.running) this.become({ ...this.now, said });
    });
    client.onDidChangeState(({ newState }) => {
      if (client !== this.running) return;
      const { process } = this.now;
      if (newState === State.Running) {
        wasReady = true;
        this.ready(client, found);
      }
      // What the error handler said of an end is more than what the client says.
      else if (process !== 'stopped' && (newState === State.StartFailed || (newState === State.Stopped && process !== 'restarting'))) this.become({ process: 'stopped' });
      else if (newState === State.Starting && process !== 'restarting') this.become({ process: 'starting' });
    });
    this.running = client;
    this.become({ process: 'starting' });
    try {
      await client.start();
    } catch (error) {
      failed(reason(error));
    }
  }

  private ready(client: LanguageClient, found: Found): void {
    const { capabilities, serverInfo } = client.initializeResult ?? {};
    this.offered = capabilities?.executeCommandProvider?.commands ?? [];
    const lacks = missing(this.offered);
    const problem = lacks.length > 0 ? tooOld(lacks, serverInfo?.version, found) : undefined;
    this.become({ process: 'running', ...(problem !== undefined && { problem }) });
    if (problem === undefined) return;
    this.log.warn(problem);
    if (this.toldOld) return;
    this.toldOld = true;
    void this.saySick(problem, vscode.window.showWarningMessage);
  }

  private errorHandler(found: Found, wasReady: () => boolean): ErrorHandler {
    return {
      // What can't be written to a server that has just ended is no reason to give it up: its end comes next, and decides.
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      closed: () => {
        // What never was a server will not become one; who starts it says why.
        if (!wasReady()) return { action: CloseAction.DoNotRestart, handled: true };
        if (this.crashes.again(Date.now())) {
          this.log.warn(`the server ended by itself (${this.crashes.count} of late); it is started again`);
          this.become({ process: 'restarting' });
          return { action: CloseAction.Restart, handled: true };
        }
        const problem = `the server ended ${MOST + 1} times within a few minutes and is not started again`;
        this.log.error(problem);
        this.become({ process: 'stopped', problem });
        void this.saySick(`${problem}: ${found.command} (from ${found.from}). The log says what it did last.`);
        return { action: CloseAction.DoNotRestart, handled: true };
      },
    };
  }

  /** Another process, whatever became of the last one. */
  async restart(): Promise<void> {
    const old = this.running;
    this.running = undefined;
    this.crashes.forget();
    // A server that did not start, or died, can't be stopped: that is no reason not to start a new one.
    await old?.dispose().catch((error: unknown) => this.log.warn(`the old server did not stop: ${String(error)}`));
    await this.start();
  }

  /** Runs a command of the server. */
  async ask<T>(command: string, argument: object): Promise<T> {
    await this.ensureStarted();
    await this.settled();
    if (!this.running?.isRunning()) throw new NotRunning();
    if (!this.offered.includes(command)) throw new NotRunning(`this server has no \`${command}\`: it is older than the extension. Update it with \`cargo install nginx-analyzer\`.`);
    for (let left = AGAIN; ; left -= 1) {
      try {
        return await this.running.sendRequest<T>('workspace/executeCommand', { command, arguments: [argument] });
      } catch (error) {
        // The text changed while the server was at it: the question is about what it is now.
        if (left === 0 || !(error instanceof ResponseError) || error.code !== LSPErrorCodes.ContentModified) throw error;
      }
    }
  }

  /** The same where the answer must be whole: once the logs and the sources are read. */
  async askAtRest<T>(command: string, argument: object): Promise<T> {
    await this.ensureStarted();
    await this.settled();
    await this.while(() => this.now.process === 'running' && this.now.said?.quiescent === false);
    return this.ask<T>(command, argument);
  }

  /** Waits for a server that is on its way up. */
  private settled(): Promise<void> {
    return this.while(() => this.now.process === 'starting' || this.now.process === 'restarting');
  }

  /** Waits as long as it is so; not for ever. */
  private async while(underWay: () => boolean): Promise<void> {
    if (!underWay()) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        listener.dispose();
        resolve();
      };
      const timer = setTimeout(done, PATIENCE);
      const listener = this.changed.event(() => underWay() || done());
    });
  }

  async dispose(): Promise<void> {
    const old = this.running;
    this.running = undefined;
    this.changed.dispose();
    await old?.stop().catch(() => undefined);
  }

  private become(condition: Condition): void {
    this.now = condition;
    this.changed.fire(condition);
  }

  private async sayMissing(): Promise<void> {
    this.become({ process: 'missing', problem: 'no server found' });
    const choice = await vscode.window.showErrorMessage(
      'nginx-analyzer: no server found. This build of the extension brings none for your system, and there is no `nginx-analyzer` on PATH. ' +
        'Install it with `cargo install nginx-analyzer`, or set the path to it.',
      'Open Settings',
      'Try Again',
    );
    if (choice === 'Open Settings') await openSettings();
    if (choice === 'Try Again') await this.restart();
  }

  private async saySick(message: string, say: typeof vscode.window.showErrorMessage = vscode.window.showErrorMessage): Promise<void> {
    const choice = await say(`nginx-analyzer: ${message}`, 'Restart', 'Show Log', 'Open Settings');
    if (choice === 'Restart') await this.restart();
    if (choice === 'Show Log') this.log.show();
    if (choice === 'Open Settings') await openSettings();
  }
}

async function openSettings(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.openSettings', 'nginxAnalyzer.server.path');
}
