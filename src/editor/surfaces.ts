/**
 * Opens every surface of a window and keeps what they share. While the window opens, other extensions wait for their turn: what the editor
 * may ask for by itself is there at once, the rest is made a turn later, and what is not needed then is loaded later.
 */
import { setImmediate as turn } from 'node:timers/promises';
import * as vscode from 'vscode';
import { PortError, type Disposable } from '../core/ports.ts';
import { testsLabel } from '../core/run/gate/tests-label.ts';
import type { BudgetLimits } from '../protocol/settings.ts';
import { showChangesTree } from './changes-tree.ts';
import { offerCodeActions } from './code-actions.ts';
import { COMMANDS } from './commands/names.ts';
import { registerCommands } from './commands/register.ts';
import { keepContextKeys, keepModelsSet } from './context-keys.ts';
import { createDemo, type Demo } from './demo.ts';
import { Desk } from './desk.ts';
import { createDoctor } from './doctor.ts';
import type { Late } from './late.ts';
import type { Discovery, EditorModels } from './models.ts';
import { notifyOutOfSight, sayInEditor } from './notify.ts';
import { onFolderChosen, windowObstacle, workspaceFolder } from './obstacle.ts';
import { offerTools } from './offered/provide.ts';
import { once } from './once.ts';
import { providePanel, showPanel, type PanelPlace } from './panel/provide.ts';
import { readSetting } from './read-setting.ts';
import { applyRetention } from './retention.ts';
import { createAskTeam } from './review/ask-team.ts';
import { showRemarks } from './review/comments.ts';
import { followCursor } from './review/cursor.ts';
import { showHunks } from './review/hunk-threads.ts';
import { createKeep } from './review/keep.ts';
import { createNewProblems } from './review/new-problems.ts';
import { Review } from './review/review.ts';
import { offerApproval } from './role-approval.ts';
import { attendRoleFiles } from './roles.ts';
import { provideRecords } from './run-view/documents.ts';
import { restoreRunViews } from './run-view/provide.ts';
import { showRunsTree } from './runs-tree.ts';
import type { QuartetApi, Shared, SurfaceNeeds, Tools, ToolsAtOnce } from './shared.ts';
import { resumeLeftRuns } from './startup.ts';
import { showStatus } from './status.ts';
import { tellError } from './tell.ts';
import { createTerminalFilter } from './terminal-text.ts';
import { showGates } from './tests/gates.ts';
import { createTests, type Tests } from './tests/tests.ts';
import { learnWords } from './told.ts';

export interface Surfaces extends Disposable {
  readonly api: QuartetApi;
  /** Stops what is live so that it can be resumed. */
  close(): Promise<void>;
}

const later = () => import('./late.ts');

/** `looked` hears whether one was found, each time somebody wants to know. */
function modelsOf(
  discovery: Discovery,
  state: vscode.Memento,
  looked: (isFound: boolean) => void,
): EditorModels {
  let made: EditorModels | undefined;
  const models = async () => {
    const { createEditorModels, keepPicked } = await later();
    return (made ??= createEditorModels(discovery, keepPicked(state)));
  };
  return {
    find: async () => {
      const found = await (await models()).find();
      looked(found !== undefined);
      return found;
    },
    picked: async () => (await models()).picked(),
    choices: async () => (await models()).choices(),
    pick: async (choice) => (await models()).pick(choice),
    settings: async (demo) => (await models()).settings(demo),
    settingsAlone: async () => (await models()).settingsAlone(),
    forget: () => made?.forget(),
  };
}

const budgetSet = async (): Promise<BudgetLimits> => (await later()).configuredBudget(readSetting);
const retentionSet = async () => (await later()).configuredRetention(readSetting);

/** `panel` resolves once the panel hears what runs say. */
function share(needs: SurfaceNeeds, panel: () => Promise<void>): Shared {
  const { log, context } = needs;
  const modelFound = new vscode.EventEmitter<boolean>();
  const models = modelsOf(needs.discovery, context.workspaceState, (isFound) => modelFound.fire(isFound));
  const load = async () => {
    const found = windowObstacle();
    if (found !== undefined) throw new PortError('workspace.obstacle', found.text);
    const [backend] = await Promise.all([needs.load(), panel(), learnWords(log)]);
    return backend;
  };
  const desk = new Desk({
    load,
    settings: (demo) => models.settings(demo),
    budget: budgetSet,
    state: context.workspaceState,
    log,
  });
  const testsKept = new vscode.EventEmitter<void>();
  const modelPicked = new vscode.EventEmitter<void>();
  const obstacle = () => Promise.resolve(windowObstacle());
  return { ...needs, desk, models, testsKept, modelFound, modelPicked, obstacle };
}

/** Set in folders where Quartet was used. */
const USED = 'quartet.used';

/**
 * Goes on with what was left as soon as nothing is in the way. Where Quartet was never used, nothing is loaded or made before something
 * asks for it; elsewhere a run may wait for the person, or was cut off when the window went.
 */
async function begin({ desk, obstacle, log, context, attend }: Shared, demo: Demo): Promise<void> {
  if ((await obstacle()) !== undefined) return;
  if (context.workspaceState.get(USED) !== true && !demo.isPending()) await desk.wanted;
  await desk.connect();
  await context.workspaceState.update(USED, true);
  void applyRetention({ desk, log, retention: retentionSet }).catch((error: unknown) =>
    tellError(error, log),
  );
  await demo.continuePending();
  const setting = () => readSetting('resumeOnStartup');
  await resumeLeftRuns({ desk, log, state: context.workspaceState, setting, attend });
}

function openTests({ desk, log, obstacle, models, attend, onPrinted, onTests }: Shared): Tests {
  return createTests({
    ...{ desk, log, obstacle, attend, onTests },
    settings: () => models.settingsAlone(),
    onOutput: (run, piece) => {
      const filter = createTerminalFilter();
      return onPrinted(({ label, text }) => {
        if (label === testsLabel(run)) piece(filter(text));
      });
    },
  });
}

/** What the editor asks for by itself: it is there at once, and loaded then. */
function openOnDemand({ log, attend, desk }: Shared, late: () => Promise<Late>): readonly Disposable[] {
  return [
    registerCommands(COMMANDS, { load: async () => (await late()).commands, log, attend }),
    restoreRunViews(async () => (await late()).runViews),
    offerTools(async () => (await late()).offered),
    provideRecords(desk),
    offerCodeActions(),
    attendRoleFiles(desk),
  ];
}

function openViews(
  shared: Shared,
  { review, newProblems, tests }: Tools,
  panel: PanelPlace,
): readonly Disposable[] {
  const { desk, log } = shared;
  const lookAgain = () => {
    shared.models.forget();
    panel.refresh();
  };
  return [
    showChangesTree(review, newProblems),
    showGates({ desk, log, tests }),
    showStatus(desk, shared.onTests),
    keepContextKeys(desk),
    keepModelsSet(shared.modelFound.event),
    shared.modelFound,
    notifyOutOfSight({
      ...{ desk, log, say: sayInEditor },
      isPanelVisible: () => panel.isVisible,
      isTold: (run) => tests.began(run),
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('quartet')) lookAgain();
    }),
    shared.onEditorModels(lookAgain),
    shared.testsKept.event(panel.refresh),
    shared.testsKept,
    shared.modelPicked.event(panel.refresh),
    shared.modelPicked,
    onFolderChosen(panel.refresh),
    vscode.workspace.onDidGrantWorkspaceTrust(panel.refresh),
    vscode.workspace.onDidChangeWorkspaceFolders(panel.refresh),
  ];
}

function makeTools(shared: Shared, atOnce: ToolsAtOnce): Tools {
  const { desk, problems } = shared;
  const { review } = atOnce;
  const state = shared.context.workspaceState;
  const team = createAskTeam(desk, state);
  return {
    ...atOnce,
    cursor: followCursor(),
    team,
    hunks: showHunks(review, team),
    remarks: showRemarks(review),
    keep: createKeep(desk, workspaceFolder, state, () => {
      problems.forget();
    }),
    newProblems: createNewProblems({
      ...{ desk, problems, folder: workspaceFolder },
      isOn: () => readSetting('newProblems') !== false,
    }),
    demo: createDemo({ ...shared, showPanel }),
    doctor: createDoctor(shared.examine),
    tests: openTests(shared),
    approval: offerApproval(desk),
  };
}

export function openSurfaces(needs: SurfaceNeeds): Surfaces {
  const shared = share(needs, () => panel.load());
  const { desk, log } = shared;
  const review = new Review(desk, shared.context.workspaceState);
  const runsTree = showRunsTree(desk);
  const ends: Disposable[] = [];
  const closing = new AbortController();
  const afterTurn = async (): Promise<Tools> => {
    await turn(undefined, { signal: closing.signal });
    const tools = makeTools(shared, { review, runsTree });
    const { doctor, approval, tests, hunks, team, remarks, keep, newProblems, cursor, demo } = tools;
    const start = () => void begin(shared, demo).catch((error: unknown) => tellError(error, log));
    ends.push(
      ...openViews(shared, tools, panel),
      vscode.workspace.onDidGrantWorkspaceTrust(start),
      onFolderChosen(start),
      ...[doctor, approval, tests, hunks, team, remarks, keep, newProblems, cursor],
    );
    start();
    return tools;
  };
  const made = afterTurn();
  made.catch((error: unknown) => {
    if (!closing.signal.aborted) tellError(error, log);
  });
  const late = once(async () => {
    const tools = await made;
    const [{ openLate }] = await Promise.all([later(), learnWords(log)]);
    const opened = openLate(shared, tools);
    ends.push(opened.panel, opened.runViews);
    return opened;
  });
  const panel = providePanel(desk, async () => (await late()).panel);
  ends.push(...openOnDemand(shared, late), panel);
  return {
    api: {
      runs: async () => (await desk.connect()).views.list(),
      view: async (run) => (await desk.connect()).views.view(run),
    },
    close: () => desk.close(),
    dispose() {
      closing.abort();
      void vscode.Disposable.from(...ends, runsTree, review, desk).dispose();
    },
  };
}
