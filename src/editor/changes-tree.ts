/** The Changes view: the files of the open run's change set, each to be accepted or rejected. */
import * as vscode from 'vscode';
import type { ChangedFile } from '../protocol/events.ts';
import type { ChangesView } from '../protocol/view.ts';
import { hunkDecision, hunkProgress, type Decision, type FileProgress } from './review/decisions.ts';
import type { HunkPlace } from './review/hunk-threads.ts';
import type { ShownHunk } from './review/shown-hunks.ts';
import type { Review, Reviewed } from './review/review.ts';
import { t, told } from './told.ts';

const ICONS: Record<Decision, readonly [id: string, color: string]> = {
  undecided: ['circle-large-outline', 'foreground'],
  accepted: ['pass', 'testing.iconPassed'],
  rejected: ['circle-slash', 'testing.iconFailed'],
};

function kindLabel(kind: ChangedFile['kind']): string {
  return { added: t('added'), modified: t('modified'), deleted: t('deleted') }[kind];
}

/** What became of a file where the icon and the kind do not say it. */
function fateLabel(how: string | undefined): string {
  if (how === 'merged') return t('merged with yours');
  if (how === 'unchanged') return t('was so already');
  return how === 'conflict' ? t('left as you have it') : '';
}

/** What is settled: the answer's decision, where it was given, else the person's progress. */
function decisionOf(changes: ChangesView, path: string, progress: FileProgress): Decision {
  if (changes.decided === undefined) return progress.decision;
  return changes.decided.accepted.includes(path) ? 'accepted' : 'rejected';
}

/** One line of the tree. `contextValue` is `file.<open or over>.<decision>`. */
export function changeItem(
  changes: ChangesView,
  file: ChangedFile,
  progress: FileProgress & { readonly found?: number },
  isOpen: boolean,
) {
  const item = new vscode.TreeItem(file.path.split('/').at(-1) ?? file.path);
  const decision = decisionOf(changes, file.path, progress);
  const [icon, color] = ICONS[decision];
  const applied = changes.applied?.find(({ path }) => path === file.path);
  const folder = file.path.split('/').slice(0, -1).join('/');
  const size = file.binary ? t('binary') : `+${file.additions} −${file.deletions}`;
  const edited = progress.edited === undefined ? '' : t('edited by you');
  const isPart = Object.values(progress.hunks ?? {}).some(({ verdict }) => verdict === 'rejected');
  const part = decision === 'accepted' && isPart ? t('in part') : '';
  const { found: count = 0 } = progress;
  const found = count > 0 ? t('new problems: {0}', count) : '';
  item.id = file.path;
  item.iconPath = new vscode.ThemeIcon(icon, new vscode.ThemeColor(color));
  item.description = [folder, kindLabel(file.kind), size, edited, part, fateLabel(applied?.how), found]
    .filter(Boolean)
    .join(' · ');
  item.tooltip = [file.path, item.description, progress.reason, applied?.note && told(applied.note)]
    .filter(Boolean)
    .join('\n');
  item.contextValue = `file.${isOpen ? 'open' : 'over'}.${decision}`;
  item.command = { command: 'quartet.openChange', title: t('Open Change'), arguments: [file] };
  item.accessibilityInformation = { label: `${file.path}, ${kindLabel(file.kind)}, ${decision}` };
  return item;
}

/** One hunk below its file. `contextValue` is `hunk.<open or over>.<decision>`. */
function hunkItem(place: HunkPlace, hunk: ShownHunk, progress: FileProgress, isOpen: boolean) {
  const decision = hunkDecision(progress, hunk);
  const reason = hunkProgress(progress, place.id)?.reason;
  const item = new vscode.TreeItem(t('Change {0}', hunk.number));
  const [icon, color] = ICONS[decision];
  const line = t('line {0}', hunk.hunk.newStart);
  item.id = JSON.stringify([place.path, place.id]);
  item.iconPath = new vscode.ThemeIcon(icon, new vscode.ThemeColor(color));
  item.description = [line, reason ?? hunk.origin].filter(Boolean).join(' · ');
  item.tooltip = [...hunk.why, reason].filter(Boolean).join('\n\n');
  item.contextValue = `hunk.${isOpen ? 'open' : 'over'}.${decision}`;
  item.command = { command: 'quartet.openHunk', title: t('Open Change'), arguments: [place] };
  item.accessibilityInformation = { label: `${t('Change {0}', hunk.number)}, ${line}, ${decision}` };
  return item;
}

/** What the tests say: of what was accepted, where that was tested by itself. */
function verdictMessage({ view, changes }: Reviewed): string {
  const verdict = view.evidence.accepted?.verdict ?? changes.verdict;
  return {
    green: t('Proved by the tests.'),
    red: t('The tests fail with this change.'),
    notProved: t('Not proved: no test says whether this change works.'),
  }[verdict];
}

type Node = ChangedFile | HunkPlace;

const isHunk = (node: Node): node is HunkPlace => 'id' in node;

/** Hunks are shown while they can be decided. */
function childrenOf(review: Review, node: Node | undefined): Node[] {
  if (node === undefined) return [...(review.current?.changes.files ?? [])];
  if (isHunk(node) || review.current?.signal === undefined) return [];
  return review.hunks(node.path).map(({ hunk }) => ({ path: node.path, id: hunk.id }));
}

function itemOf(review: Review, problems: FileProblems, node: Node): vscode.TreeItem {
  const { current } = review;
  const isOpen = current?.signal !== undefined;
  const progress = review.progress(node.path);
  if (isHunk(node)) {
    const hunk = review.hunks(node.path).find((each) => each.hunk.id === node.id);
    return hunk ? hunkItem(node, hunk, progress, isOpen) : new vscode.TreeItem(node.path);
  }
  if (current === undefined) return new vscode.TreeItem(node.path);
  const found = problems.count(current.view.id, node.path);
  const item = changeItem(current.changes, node, { ...progress, found }, isOpen);
  const { None, Collapsed } = vscode.TreeItemCollapsibleState;
  item.collapsibleState = childrenOf(review, node).length > 0 ? Collapsed : None;
  return item;
}

/** What language servers find newly in changed files. */
export interface FileProblems {
  readonly count: (run: string, path: string) => number;
  readonly onChanged: vscode.Event<void>;
}

/** Registers the view. Its badge counts the files that wait for a decision. */
export function showChangesTree(review: Review, problems: FileProblems): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const tree = vscode.window.createTreeView<Node>('quartet.changes', {
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: (node) => childrenOf(review, node),
      getTreeItem: (node) => itemOf(review, problems, node),
    },
  });
  const update = () => {
    const { undecided, current, tally } = review;
    const tooltip = t('{0} files wait for your decision', undecided);
    tree.badge = undecided > 0 ? { value: undecided, tooltip } : undefined;
    const progress =
      current?.signal === undefined ? '' : t('{0} of {1} changes decided.', tally.decided, tally.all);
    tree.message = current === undefined ? '' : [verdictMessage(current), progress].filter(Boolean).join(' ');
    changed.fire();
  };
  return vscode.Disposable.from(review.onChanged(update), problems.onChanged(update), tree, changed);
}
