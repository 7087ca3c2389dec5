// Clean-up: what is asked before something is written, and what is shown. Nothing here knows the editor, so that tests can run it.

/** The pages with plans, by their address; the path is what the tab is called. */
export const CLEANUP_SCHEME = 'nginx-analyzer-cleanup';

export type Step = 'plan' | 'apply' | 'status' | 'restore' | 'finish';

/** The server's command for a step. */
export const command = (step: Step): string => `nginx-analyzer.cleanup.${step}`;

interface Block {
  file: string;
  line: number;
  block: string;
}

/** What the server answers to `plan` and to `finish`, as far as it is used here. */
export interface Plan {
  blocks: Block[];
  files: string[];
  held?: Block[];
  diff?: string;
  text: string;
}

/** What it answers to `restore`. */
export interface Restoration {
  changed: string[];
  brought_back: string[];
  lost: { block: string; file: string; line: number; backup: string }[];
  diff?: string;
  text: string;
}

/** A clean-up that can be taken back. */
export interface Kept {
  id: string;
  what: string;
  today: string;
  changes: { path: string; parts: { title: string; undone: boolean }[] }[];
}

/** What it answers to `status`. */
export interface Status {
  records: Kept[];
  interrupted: string[];
  text: string;
}

const counted = (count: number, one: string, many: string) => (count === 1 ? `1 ${one}` : `${count} ${many}`);

/** The question before `apply`; none where there is nothing to do. */
export function askApply({ blocks, files, held = [] }: Plan): { question: string; detail: string; button: string } | undefined {
  if (blocks.length === 0) return undefined;
  const detail = ['A backup is written beside each file first, and Restore brings everything back.'];
  if (files.length > 0) detail.unshift(`${counted(files.length, 'file goes', 'files go')} with them and ${files.length === 1 ? 'stays' : 'stay'} where ${files.length === 1 ? 'it is' : 'they are'} until they are deleted.`);
  if (held.length > 0) {
    const [subject, light] = held.length === 1 ? ['1 more stays: it may be in use, or requests go elsewhere without it.', 'its line comments it'] : [`${held.length} more stay: they may be in use, or requests go elsewhere without them.`, 'their lines comments them'];
    detail.push(`${subject} The light bulb in ${light} out all the same.`);
  }
  return { question: `Comment out ${counted(blocks.length, 'block', 'blocks')}?`, detail: detail.join(' '), button: 'Comment Out' };
}

/** The question before `finish`. */
export function askFinish({ blocks, files }: Plan): { question: string; detail: string; button: string } | undefined {
  if (blocks.length === 0) return undefined;
  const moved = files.length > 0 ? `${counted(files.length, 'file is', 'files are')} moved into the backup. ` : '';
  return { question: `Delete ${counted(blocks.length, 'block', 'blocks')} for good?`, detail: `${moved}Restore brings everything back.`, button: 'Delete' };
}

/** The question before `restore`. */
export function askRestore({ changed, brought_back, lost }: Restoration): { question: string; detail: string; button: string } | undefined {
  if (changed.length === 0 && brought_back.length === 0) return undefined;
  const files = [...changed, ...brought_back].join(', ');
  const left = lost.map(({ block, file, line, backup }) => `${block} (${file}:${line}) was edited since and stays as it is; the file as it was is in ${backup}.`);
  return { question: 'Take the clean-up back?', detail: [`It changes ${files}.`, ...left].join(' '), button: 'Restore' };
}

/** The clean-ups to choose from. */
export function choices({ records }: Status): { label: string; description: string; detail: string; id: string }[] {
  return records.map(({ id, what, today, changes }) => {
    const blocks = changes.flatMap(({ parts }) => parts.filter(({ undone }) => !undone));
    const did = what === 'finish' ? 'deleted' : 'commented out';
    return {
      label: `${counted(blocks.length, 'block', 'blocks')} ${did}`,
      description: `${today}, ${id}`,
      detail: blocks.map(({ title }) => title).join(', '),
      id,
    };
  });
}
