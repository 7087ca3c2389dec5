// What the page says by itself; labels and reasons come from the server in the reader's language. Pure.

import type { Kind, Verdict } from '../../src/graph/map';

const en = {
  title: 'Gateway map',
  search: 'Search',
  searchHint: 'Search locations, upstreams, routes',
  found: (at: number, of: number) => (of === 0 ? 'nothing found' : at === 0 ? `${of} found` : `${at} of ${of}`),
  next: 'Next (Enter)',
  previous: 'Previous (Shift+Enter)',
  filter: 'Show only locations that are',
  verdicts: { 'in-use': 'in use', 'to-check': 'to check', 'probably-unused': 'probably unused', dead: 'dead', none: 'not known' } as Record<Verdict | 'none', string>,
  flags: { 'in-use': '', 'to-check': 'to check', 'probably-unused': 'unused?', dead: 'dead', none: '' } as Record<Verdict | 'none', string>,
  kinds: { server: 'server', location: 'location', upstream: 'upstream', route: 'route' } as Record<Kind, string>,
  group: 'Group alike',
  groupHint: 'One card for locations that go to the same place with the same verdict',
  links: 'Internal moves',
  linksHint: 'Moves between locations (error_page, auth_request, …) and requests that come back to this nginx',
  fold: 'Fold all',
  unfold: 'Unfold all',
  zoomIn: 'Zoom in (+)',
  zoomOut: 'Zoom out (-)',
  fit: 'Show everything (0)',
  actual: 'Actual size (1)',
  keys: 'Keys',
  close: 'Close (Escape)',
  graph: 'Servers, their locations, what those lead to, and routes',
  servers: (n: number) => (n === 1 ? '1 server' : `${n} servers`),
  locations: (n: number) => (n === 1 ? '1 location' : `${n} locations`),
  shown: (n: number, of: number) => `${n} of ${of} locations`,
  routes: (n: number) => (n === 1 ? '1 route' : `${n} routes`),
  hits: (n: string, one: boolean) => (one ? '1 request' : `${n} requests`),
  noHits: 'no log tells',
  folded: 'folded',
  unfolded: 'unfolded',
  empty: 'There is no server in this configuration.',
  emptyHint: 'The map shows the servers of the configuration that the file in the editor belongs to.',
  nothing: 'Nothing matches.',
  clear: 'Clear search and filters',
  failed: 'The map could not be made.',
  retry: 'Try again',
  busy: 'Reading the configuration …',
  details: 'Details',
  verdict: 'Verdict',
  why: 'Why',
  requests: 'Requests',
  leadsTo: 'Leads to',
  usedBy: 'Used by',
  inside: 'In it',
  alsoOf: 'Also behind',
  linksIn: 'Comes from',
  linksOut: 'Moves on to',
  open: 'Open',
  trace: 'Trace',
  evidence: 'Evidence',
  openHint: 'Go to where it is written (Enter)',
  traceHint: 'Ask which location serves a URL',
  evidenceHint: 'Show who uses it',
  more: (n: number) => `${n} more`,
  help: [
    ['↑ ↓', 'up and down in a column'],
    ['← →', 'along the wires; → unfolds, ← folds'],
    ['Enter', 'open where it is written'],
    ['Space', 'fold, unfold'],
    ['/', 'search; Enter and Shift+Enter go through what was found'],
    ['+ - 0 1', 'zoom in, out, everything, actual size'],
    ['Page Up/Down, Home, End', 'further in the column'],
    ['Escape', 'clear'],
  ] as [string, string][],
};
export type Words = typeof en;

const ja: Words = {
  title: 'ゲートウェイマップ',
  search: '検索',
  searchHint: 'location、upstream、ルートを検索',
  found: (at, of) => (of === 0 ? '該当なし' : at === 0 ? `${of}件` : `${at}/${of}件`),
  next: '次へ（Enter）',
  previous: '前へ（Shift+Enter）',
  filter: '表示するlocation',
  verdicts: { 'in-use': '使用中', 'to-check': '要確認', 'probably-unused': 'おそらく未使用', dead: '到達不能', none: '不明' },
  flags: { 'in-use': '', 'to-check': '要確認', 'probably-unused': '未使用？', dead: '到達不能', none: '' },
  kinds: { server: 'server', location: 'location', upstream: 'upstream', route: 'ルート' },
  group: '同種をまとめる',
  groupHint: '行き先と判定が同じlocationを1枚にまとめます',
  links: '内部の遷移',
  linksHint: 'location間の遷移（error_page、auth_requestなど）と、このnginxに戻るリクエスト',
  fold: 'すべて折りたたむ',
  unfold: 'すべて展開',
  zoomIn: '拡大（+）',
  zoomOut: '縮小（-）',
  fit: '全体を表示（0）',
  actual: '原寸（1）',
  keys: 'キー操作',
  close: '閉じる（Escape）',
  graph: 'server、location、行き先、ルート',
  servers: (n) => `server ${n}個`,
  locations: (n) => `location ${n}個`,
  shown: (n, of) => `location ${of}個中${n}個`,
  routes: (n) => `ルート${n}個`,
  hits: (n) => `リクエスト${n}件`,
  noHits: 'ログからは不明',
  folded: '折りたたみ',
  unfolded: '展開',
  empty: 'この設定にはserverがありません。',
  emptyHint: 'エディターで開いているファイルが属する設定のserverを表示します。',
  nothing: '該当するものがありません。',
  clear: '検索と絞り込みを解除',
  failed: 'マップを作成できませんでした。',
  retry: '再試行',
  busy: '設定を読み込んでいます…',
  details: '詳細',
  verdict: '判定',
  why: '理由',
  requests: 'リクエスト',
  leadsTo: '行き先',
  usedBy: '使用元',
  inside: '内部',
  alsoOf: 'ほかの使用元',
  linksIn: '遷移元',
  linksOut: '遷移先',
  open: '開く',
  trace: 'トレース',
  evidence: '根拠',
  openHint: '定義箇所へ移動（Enter）',
  traceHint: 'URLをどのlocationが処理するか調べる',
  evidenceHint: '使用元を表示',
  more: (n) => `ほか${n}件`,
  help: [
    ['↑ ↓', '列内の移動'],
    ['← →', '線に沿って移動（→で展開、←で折りたたみ）'],
    ['Enter', '定義箇所を開く'],
    ['Space', '折りたたみ、展開'],
    ['/', '検索（EnterとShift+Enterで検索結果を移動）'],
    ['+ - 0 1', '拡大、縮小、全体、原寸'],
    ['Page Up/Down, Home, End', '列内を大きく移動'],
    ['Escape', '解除'],
  ],
};

export function wordsOf(language: string): Words {
  return language.toLowerCase().startsWith('ja') ? ja : en;
}

/** A number as it fits on a card: 987, 1.2k, 34k, 5.6M. */
export function short(n: number): string {
  if (n < 1000) return String(n);
  const [value, unit] = n < 999_500 ? [n / 1000, 'k'] : n < 999_500_000 ? [n / 1_000_000, 'M'] : [n / 1_000_000_000, 'G'];
  return `${value < 9.95 ? value.toFixed(1).replace(/\.0$/, '') : Math.round(value)}${unit}`;
}

/** A number with its thousands apart. */
export function full(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** How thick a wire and how long a bar is for so many requests, from 0 to 1: ten times as many are one step more. */
export function share(hits: number | null, most: number): number {
  return hits === null || hits <= 0 || most <= 0 ? 0 : Math.log1p(hits) / Math.log1p(most);
}

/** What the paths of labels have in common at their beginning, up to where a segment ends; `= ` and `~ ^` before them do not count. */
export function common(labels: readonly string[]): string {
  const [first = '', ...rest] = labels.map((label) => label.replace(/^[=~*^@\s]+(?=.)/, ''));
  let length = first.length;
  for (const label of rest) {
    let same = 0;
    while (same < length && label[same] === first[same]) same++;
    length = same;
  }
  if (rest.length === 0 || rest.every((label) => label === first)) return first;
  const prefix = first.slice(0, first.slice(0, length).lastIndexOf('/') + 1);
  return prefix.length > 1 ? `${prefix}…` : `${first}, …`;
}
