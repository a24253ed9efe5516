// A run told in lines, read from its journal: what `npm start -- --headless` prints at the end.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The journals of Quartet below an editor's data folder, oldest run first.
 * @param {string} data the editor's user-data-dir
 * @returns {string[]}
 */
export function journals(data) {
  const storage = join(data, 'User', 'workspaceStorage');
  if (!existsSync(storage)) return [];
  return readdirSync(storage)
    .map((workspace) => join(storage, workspace, 'quartet.quartet', 'runs'))
    .filter((runs) => existsSync(runs))
    .flatMap((runs) => readdirSync(runs).map((run) => join(runs, run, 'journal.jsonl')))
    .filter((file) => existsSync(file))
    .sort();
}

/**
 * @param {string} file a journal
 * @returns {{type: string, at: number, key?: string, data: any}[]} its lines; a torn last line is left out
 */
export function readJournal(file) {
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.filter(Boolean).map((line) => JSON.parse(line));
}

/**
 * Lets all of a run have happened so much earlier, while nobody owns it: its lines are sealed anew, as they would have been then.
 * @param {string} file a journal
 * @param {number} ms how much earlier
 */
export function ageJournal(file, ms) {
  let former = '0'.repeat(64);
  const lines = readJournal(file).map((line) => {
    const open = JSON.stringify({ ...line, at: line.at - ms, prev: former, sum: undefined });
    former = createHash('sha256').update(open).digest('hex');
    return `${open.slice(0, -1)},"sum":"${former}"}\n`;
  });
  writeFileSync(file, lines.join(''));
}

const first = (text) =>
  String(text ?? '')
    .split('\n')[0]
    .slice(0, 160);

function gateLine({ scope, task, report }) {
  const { passed, failed, skipped } = report.totals;
  const where = task === undefined ? scope : `${scope} ${task}`;
  const reasons = report.verdict === 'green' ? '' : `: ${report.reasons.join('; ')}`;
  return `gate (${where}): ${report.verdict}, ${passed} passed, ${failed} failed, ${skipped} skipped${reasons}`;
}

/** How each event that matters to a reader is told; the others are left out. */
const tell = {
  'run.started': (data) =>
    `goal: ${first(data.goal)}${data.demo ? ' (demo team: a script speaks for the models)' : ''}`,
  'run.resumed': () => 'the run goes on',
  'run.paused': (data) => `paused (${data.reason}): ${first(data.message)}`,
  'plan.proposed': (data) =>
    `plan ${data.revision}: ${data.plan.tasks.map((task) => `${task.id} [${task.role}]`).join(', ')}`,
  'plan.decided': (data) => `plan ${data.revision} ${data.approved ? 'approved' : 'rejected'} by ${data.by}`,
  'task.changed': (data) => `task ${data.task}: ${data.state}${data.note ? `, ${first(data.note)}` : ''}`,
  'message.posted': (data) => `${data.from} to ${data.to}: ${first(data.text)}`,
  'gate.finished': gateLine,
  'review.finished': (data) =>
    `review of ${data.task}: ${data.verdict}, ${data.comments?.length ?? 0} comments`,
  'signal.opened': (data) => `asks: ${first(data.title)}`,
  'step.failed': (data) => `failed (${data.code}): ${first(data.message)}`,
  'run.finished': (data) => `finished: ${data.outcome}. ${first(data.message)}`,
};

/**
 * @param {ReturnType<typeof readJournal>} lines
 * @returns {string} one line an event that matters, with seconds since the start
 */
export function story(lines) {
  const start = lines[0]?.at ?? 0;
  return lines
    .filter(({ type }) => type in tell)
    .map(({ type, at, data }) => `${((at - start) / 1000).toFixed(1).padStart(7)} s  ${tell[type](data)}`)
    .join('\n');
}
