// "Which location serves …?": the question, the answer behind the location's line, the whole way on a page and in the view.

import * as vscode from 'vscode';
import { needEditor } from './configuration';
import { Pages } from './pages';
import { jump, sayError, toRange } from './places';
import type { Session } from './session';
import { SCHEME, inPlace, parseQuestion, title, type Place, type Trace } from './trace';
import { TraceView } from './traceView';

const LAST = 'nginxAnalyzer.whichLocation.last';

export class TraceCommand implements vscode.Disposable {
  private readonly pages = new Pages<Trace>(SCHEME, 'This trace is gone: ask again with “nginx: Which location serves …?”\n');
  readonly view = new TraceView();
  private readonly inPlace: vscode.TextEditorDecorationType;
  /** The document that shows an answer at the end of a line. */
  private answered: string | undefined;
  private readonly parts: vscode.Disposable;

  constructor(
    private readonly session: Session,
    private readonly memory: vscode.Memento,
  ) {
    this.inPlace = vscode.window.createTextEditorDecorationType({
      after: { margin: '0 0 0 2em', color: new vscode.ThemeColor('editorCodeLens.foreground'), fontStyle: 'italic' },
      rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
    });
    this.parts = vscode.Disposable.from(
      this.inPlace,
      this.view,
      this.pages.register(),
      vscode.commands.registerCommand('nginxAnalyzer.whichLocation', (url?: unknown) => this.run(typeof url === 'string' ? url : undefined)),
      // What was asked holds for the text as it was.
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && document.uri.toString() === this.answered) this.clear();
      }),
    );
  }

  dispose(): void {
    this.parts.dispose();
  }

  /** Asks for a URL, unless one is given, and shows its way. `suggested` is what stands in the box. */
  async run(given?: string, suggested?: string): Promise<void> {
    const editor = needEditor('the question');
    if (!editor) return;
    const typed =
      given ??
      (await vscode.window.showInputBox({
        title: 'Which location serves …?',
        prompt: 'A URL, or a path for the server at the cursor; a method may stand before it',
        placeHolder: 'http://gateway.example.com/api/x?limit=5',
        value: suggested ?? this.memory.get<string>(LAST, ''),
      }));
    const question = parseQuestion(typed ?? '');
    if (!question || typed === undefined) return;
    await this.memory.update(LAST, typed.trim());
    const { line, character } = editor.selection.active;
    try {
      const trace = await this.session.ask<Trace>('nginx-analyzer.trace', { uri: editor.document.uri.toString(), position: { line, character }, ...question });
      if (trace.location) await this.reveal(trace, trace.location, editor.viewColumn);
      await this.view.show(trace);
      await this.pages.show(this.pages.uri(title(trace)), trace, 'nginx-trace');
    } catch (error) {
      sayError(error);
    }
  }

  private async reveal(trace: Trace, location: Place, viewColumn: vscode.ViewColumn | undefined): Promise<void> {
    this.clear();
    const editor = await jump(location, viewColumn);
    const end = editor.document.lineAt(toRange(location).start.line).range.end;
    const hover = new vscode.MarkdownString().appendCodeblock(trace.text, 'text');
    editor.setDecorations(this.inPlace, [{ range: new vscode.Range(end, end), hoverMessage: hover, renderOptions: { after: { contentText: inPlace(trace) } } }]);
    this.answered = editor.document.uri.toString();
  }

  private clear(): void {
    this.answered = undefined;
    for (const editor of vscode.window.visibleTextEditors) editor.setDecorations(this.inPlace, []);
  }
}
