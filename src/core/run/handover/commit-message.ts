/** What a commit and a pull request say of a run, written from its evidence. */
import { plainText } from '../../policy/terminal-text.ts';
import type { GateReport } from '../../../protocol/events.ts';
import type { RunView, TaskView } from '../../../protocol/view.ts';

/** Longest first line of a commit, in characters. */
const TITLE_CHARS_MAX = 72;
const LINE_CHARS_MAX = 72;
const GOAL_CHARS_MAX = 2000;

/** One line for what was done. */
function titleOf({ summary, plan, goal }: RunView): string {
  const [first = ''] = plainText(summary?.title ?? plan?.spec.summary ?? goal)
    .trim()
    .split('\n', 1);
  const title = first.replace(/[\s.]+$/u, '');
  return title.length <= TITLE_CHARS_MAX ? title : `${title.slice(0, TITLE_CHARS_MAX - 1).trimEnd()}…`;
}

/** Title, what was done, how it was proved, and where it comes from. It is read in terminals, and lines of it by programs. */
export function commitMessage(view: RunView): string {
  const tasks = view.tasks.filter(({ state }) => state === 'done');
  const gate = provedBy(view);
  const parts = [
    titleOf(view),
    tasks
      .map(({ spec, result }) =>
        wrapped(`- ${oneLine(spec.title)}${result === undefined ? '' : `: ${oneLine(result)}`}`),
      )
      .join('\n'),
    wrapped(`Tests: ${gate === undefined ? 'not run' : verdictText(gate)}`),
    `Quartet-Run: ${view.id}`,
  ];
  return `${plainText(parts.filter((part) => part !== '').join('\n\n'))}\n`;
}

/** Markdown: what, why, the evidence, and what is open. */
export function pullRequestText(view: RunView): string {
  const body = withoutPictures(view.summary?.body.trim() ?? '');
  const files = view.changes?.files ?? [];
  return plainText(
    [
      `# ${withoutPictures(titleOf(view))}`,
      `## What\n\n${body === '' ? listed(view.tasks.map(({ spec }) => inline(spec.title))) : body}`,
      `## Why\n\n${quoted(view.goal)}`,
      `## Evidence\n\n${evidence(view)}`,
      `## Files\n\n${listed(files.map(({ path, kind, additions, deletions }) => `${code(path)}: ${kind} (+${additions} −${deletions})`))}`,
      `## Open points\n\n${listed(openPoints(view))}`,
      `Made by run ${code(view.id)} of Quartet.`,
    ].join('\n\n') + '\n',
  );
}

/** The verdict on what was taken: on the merged or accepted tree where that was tested again. */
const provedBy = ({ evidence: { accepted, integrated } }: RunView): GateReport | undefined =>
  accepted ?? integrated;

const verdictName = ({ verdict }: GateReport): string => (verdict === 'notProved' ? 'not proved' : verdict);

function verdictText(gate: GateReport): string {
  const { passed, failed, skipped } = gate.totals;
  const by = gate.command === undefined ? '' : ` (${gate.command})`;
  return `${verdictName(gate)}; ${passed} passed, ${failed} failed, ${skipped} skipped${by}`;
}

function evidence(view: RunView): string {
  const rows = view.tasks.map((task) => [
    inline(task.spec.title),
    task.state,
    task.gate === undefined ? '' : verdictName(task.gate),
    reviewText(task),
  ]);
  const gate = provedBy(view);
  const whole = [
    '**All together**',
    view.status,
    gate === undefined ? 'not run' : inline(verdictText(gate)),
    '',
  ];
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const baseline = view.evidence.baseline;
  const before = baseline === undefined ? '' : `\n\nBefore the change: ${inline(totalsText(baseline))}.`;
  return (
    [
      row(['Task', 'State', 'Tests', 'Review']),
      row(['---', '---', '---', '---']),
      ...rows.map(row),
      row(whole),
    ].join('\n') + before
  );
}

const totalsText = ({ totals: { passed, failed, skipped } }: GateReport): string =>
  `${passed} tests passed, ${failed} failed, ${skipped} were skipped`;

function reviewText({ review }: TaskView): string {
  if (review === undefined) return '';
  const count = review.comments.length;
  const remarks = count === 0 ? '' : `, ${count} remark${count === 1 ? '' : 's'}`;
  return `${review.verdict === 'approve' ? 'approved' : 'changes requested'}${remarks}`;
}

function openPoints(view: RunView): readonly string[] {
  const gate = provedBy(view);
  const failing = (gate?.stillFailing ?? []).map(({ id }) => `Fails as before: ${inline(id)}`);
  const reasons = gate === undefined || gate.verdict === 'green' ? [] : gate.reasons.map(inline);
  const undone = view.tasks
    .filter(({ state }) => state !== 'done')
    .map(({ spec, state, note }) =>
      inline(`${spec.title}: ${state}${note === undefined ? '' : `, ${note}`}`),
    );
  const remarks = view.tasks.flatMap(({ review }) =>
    (review?.comments ?? [])
      .filter(({ severity }) => severity !== 'praise')
      .map(({ path, line, body }) => `${code(`${path}:${line}`)}: ${inline(body)}`),
  );
  const rejected = (view.changes?.decided?.rejected ?? []).map(
    ({ path, reason }) => `Not taken: ${code(path)}${reason === undefined ? '' : `, ${inline(reason)}`}`,
  );
  const left = (view.changes?.applied ?? [])
    .filter(({ how }) => how === 'conflict')
    .map(({ path }) => `Left as it was, because it conflicts: ${code(path)}`);
  return [...reasons, ...failing, ...undone, ...remarks, ...rejected, ...left];
}

const listed = (items: readonly string[]): string =>
  items.length === 0 ? 'None.' : items.map((item) => `- ${item}`).join('\n');

/** What a page would fetch as soon as it is looked at is shown as it is written. */
const withoutPictures = (text: string): string =>
  text
    .replace(/!(?=\[)/gu, '\\!')
    .replace(
      /<(?=\/?(?:img|picture|source|video|audio|iframe|object|embed|svg|link|style|script)\b|!--)/giu,
      '&lt;',
    );

const oneLine = (text: string): string => text.trim().replace(/\s+/gu, ' ');

/** Text of others in a line or cell of Markdown: no table, tag, link, mention or line of its own. */
const inline = (text: string): string =>
  oneLine(text)
    .replace(/[\\`*_{}[\]<>|~]/gu, '\\$&')
    .replace(/@(?=\w)/gu, '@<!-- -->');

const code = (text: string): string => `\`${oneLine(text).replaceAll('`', "'").replaceAll('|', '¦')}\``;

const quoted = (text: string): string => {
  const short = text.length <= GOAL_CHARS_MAX ? text : `${text.slice(0, GOAL_CHARS_MAX)}…`;
  return short
    .trim()
    .split('\n')
    .map((line) => `> ${inline(line)}`)
    .join('\n');
};

/** Breaks between words; what follows the first line is set in. */
function wrapped(text: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > LINE_CHARS_MAX) {
      lines.push(line);
      line = `  ${word}`;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join('\n');
}
