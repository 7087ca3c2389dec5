// How the server is, as the status bar says it. Nothing here knows the editor, so that tests can run it.

/** The server's notification `experimental/serverStatus`. */
export interface ServerStatus {
  health: 'ok' | 'warning' | 'error';
  quiescent: boolean;
  message?: string;
}

/** What the editor knows of the server's process. */
export type Process = 'idle' | 'missing' | 'starting' | 'running' | 'restarting' | 'stopped';

export interface Condition {
  process: Process;
  /** What the server said last; nothing before that, and nothing by a server that says no such thing. */
  said?: ServerStatus;
  /** A sentence about the server itself: where it is missing, or too old. */
  problem?: string;
}

export interface Shown {
  text: string;
  tooltip: string;
  level: 'normal' | 'warning' | 'error';
  busy: boolean;
}

const SPINNER = '$(sync~spin)';

/** What the status bar shows. */
export function show({ process, said, problem }: Condition): Shown {
  const shown = (icon: string, text: string, level: Shown['level'], busy = false): Shown => ({
    // Not the language alone, which stands beside it.
    text: icon === '' ? 'nginx-analyzer' : `${icon} nginx-analyzer`,
    tooltip: `nginx-analyzer: ${text}`,
    level,
    busy,
  });
  switch (process) {
    case 'idle':
      return shown('', 'starts with the first nginx configuration', 'normal');
    case 'missing':
      return shown('$(error)', problem ?? 'no server found', 'error');
    case 'starting':
      return shown(SPINNER, 'starting', 'normal', true);
    case 'restarting':
      return shown(SPINNER, 'the server ended and is started again', 'warning', true);
    case 'stopped':
      return shown('$(error)', problem ?? 'the server does not run', 'error');
    case 'running':
      if (said && !said.quiescent) return shown(SPINNER, said.message ?? 'reading', 'normal', true);
      if (said?.health === 'error') return shown('$(error)', said.message ?? 'something is wrong', 'error');
      if (said?.health === 'warning') return shown('$(warning)', said.message ?? 'something needs attention', 'warning');
      if (problem) return shown('$(warning)', problem, 'warning');
      return shown('', 'ready', 'normal');
  }
}

/** What a server said, where it is of the agreed form. */
export function readStatus(params: unknown): ServerStatus | undefined {
  const { health, quiescent, message } = (typeof params === 'object' && params !== null ? params : {}) as Record<string, unknown>;
  if ((health !== 'ok' && health !== 'warning' && health !== 'error') || typeof quiescent !== 'boolean') return undefined;
  return { health, quiescent, ...(typeof message === 'string' && message !== '' && { message }) };
}
