/** The Changes view: the files of the open run's change set, each to be accepted or rejected. */
import * as vscode from 'vscode';
import type { ChangedFile } from '../protocol/events.ts';
import type { ChangesView } from '../protocol/view.ts';
import type { Decision, FileProgress } from './review/progress.ts';
import type { Review, Reviewed } from './review/review.ts';

const ICONS: Record<Decision, readonly [id: string, color: string]> = {
  undecided: ['circle-large-outline', 'foreground'],
  accepted: ['pass', 'testing.iconPassed'],
  rejected: ['circle-slash', 'testing.iconFailed'],
};

function kindLabel(kind: ChangedFile['kind']): string {
  const { t } = vscode.l10n;
  return { added: t('added'), modified: t('modified'), deleted: t('deleted') }[kind];
}

/** What became of a file where the icon and the kind do not say it. */
function fateLabel(how: string | undefined): string {
  const { t } = vscode.l10n;
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
export function changeItem(changes: ChangesView, file: ChangedFile, progress: FileProgress, isOpen: boolean) {
  const item = new vscode.TreeItem(file.path.split('/').at(-1) ?? file.path);
  const decision = decisionOf(changes, file.path, progress);
  const [icon, color] = ICONS[decision];
  const applied = changes.applied?.find(({ path }) => path === file.path);
  const folder = file.path.split('/').slice(0, -1).join('/');
  const size = file.binary ? vscode.l10n.t('binary') : `+${file.additions} −${file.deletions}`;
  const edited = progress.edited === undefined ? '' : vscode.l10n.t('edited by you');
  item.id = file.path;
  item.iconPath = new vscode.ThemeIcon(icon, new vscode.ThemeColor(color));
  item.description = [folder, kindLabel(file.kind), size, edited, fateLabel(applied?.how)]
    .filter(Boolean)
    .join(' · ');
  item.tooltip = [file.path, item.description, progress.reason, applied?.note].filter(Boolean).join('\n');
  item.contextValue = `file.${isOpen ? 'open' : 'over'}.${decision}`;
  item.command = { command: 'quartet.openChange', title: vscode.l10n.t('Open Change'), arguments: [file] };
  item.accessibilityInformation = { label: `${file.path}, ${kindLabel(file.kind)}, ${decision}` };
  return item;
}

/** What the tests say: of what was accepted, where that was tested by itself. */
function verdictMessage({ view, changes }: Reviewed): string {
  const verdict = view.evidence.accepted?.verdict ?? changes.verdict;
  const { t } = vscode.l10n;
  return {
    green: t('Proved by the tests.'),
    red: t('The tests fail with this change.'),
    notProved: t('Not proved: no test says whether this change works.'),
  }[verdict];
}

/** Registers the view. Its badge counts the files that wait for a decision. */
export function showChangesTree(review: Review): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const tree = vscode.window.createTreeView<ChangedFile>('quartet.changes', {
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: (file) => (file === undefined ? [...(review.current?.changes.files ?? [])] : []),
      getTreeItem: (file) => {
        const { current } = review;
        if (current === undefined) return new vscode.TreeItem(file.path);
        return changeItem(current.changes, file, review.progress(file.path), current.signal !== undefined);
      },
    },
  });
  const update = () => {
    const { undecided, current } = review;
    const tooltip = vscode.l10n.t('{0} files wait for your decision', undecided);
    tree.badge = undecided > 0 ? { value: undecided, tooltip } : undefined;
    tree.message = current === undefined ? '' : verdictMessage(current);
    changed.fire();
  };
  return vscode.Disposable.from(review.onChanged(update), tree, changed);
}
