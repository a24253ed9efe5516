/** Opens every surface of a window and keeps what they share. */
import * as vscode from 'vscode';
import { PortError, type Disposable } from '../core/ports.ts';
import type { Facts } from '../core/doctor/facts.ts';
import type { LiveTests } from '../core/run/contract.ts';
import type { RunEntry, RunView } from '../protocol/view.ts';
import type { Backend } from './backend.ts';
import { showChangesTree } from './changes-tree.ts';
import { afterwardsCommands } from './commands/afterwards.ts';
import { chooseFolder } from './commands/choose-folder.ts';
import { policyCommands } from './commands/policy.ts';
import { registerCommands, unlessObstructed } from './commands/register.ts';
import { budgetCommands } from './commands/budget.ts';
import { hereCommands } from './commands/here.ts';
import { lookingCommands } from './commands/looking.ts';
import { keepingCommands } from './commands/keeping.ts';
import { packagesCommands } from './commands/packages.ts';
import { keptCommands } from './commands/tests-kept.ts';
import { teamCommands } from './commands/team.ts';
import { testCommands } from './commands/tests.ts';
import { hunkCommands } from './commands/hunks.ts';
import { roleCommands } from './commands/roles.ts';
import { setRunCommands } from './commands/set-run.ts';
import { reviewCommands } from './commands/review.ts';
import { runCommands } from './commands/runs.ts';
import { waitingCommands } from './commands/waiting.ts';
import { offerCodeActions } from './code-actions.ts';
import type { ModelProbe } from './configure/questions.ts';
import { keepContextKeys } from './context-keys.ts';
import { createDemo, type Demo } from './demo.ts';
import { Desk } from './desk.ts';
import { createDoctor, type Doctor } from './doctor.ts';
import type { EditorLog } from './log.ts';
import { createEditorModels, readSetting, type Discovery, type EditorModels } from './models.ts';
import { notifyOutOfSight } from './notify.ts';
import { onFolderChosen, windowObstacle, workspaceFolder, type Obstacle } from './obstacle.ts';
import { offerTools } from './offered/tools.ts';
import { TeamPanel } from './panel/panel.ts';
import { keepPicked } from './picked-model.ts';
import { createRequestHandler } from './panel/requests.ts';
import { applyRetention } from './retention.ts';
import { createAskTeam, type AskTeam } from './review/ask-team.ts';
import { showRemarks, type Remarks } from './review/comments.ts';
import { createKeep, type Keep } from './review/keep.ts';
import type { AppliedProblems } from './review/applied-problems.ts';
import { createNewProblems, type NewProblems } from './review/new-problems.ts';
import { conflictCommands } from './review/conflicts.ts';
import { showHunks, type HunkThreads } from './review/hunk-threads.ts';
import { Review } from './review/review.ts';
import { provideRecords } from './run-view/documents.ts';
import { createRunViews, type RunViews } from './run-view/run-views.ts';
import { offerApproval, type RoleApproval } from './role-approval.ts';
import { attendRoleFiles } from './roles.ts';
import { showRunsTree, type RunsTree } from './runs-tree.ts';
import type { EditorSecrets } from './secrets.ts';
import { resumeLeftRuns } from './startup.ts';
import { configuredBudget, configuredRetention } from './settings.ts';
import { showStatus } from './status.ts';
import { tellError } from './tell.ts';
import { createTerminalFilter } from './terminal-text.ts';
import { showGates } from './tests/gates.ts';
import { createTests, type Tests } from './tests/tests.ts';
import { testsLabel } from '../core/run/gate/tests-label.ts';

/** What the door brings along. Each is used only when something needs it. */
export interface SurfaceNeeds {
  readonly context: vscode.ExtensionContext;
  readonly log: EditorLog;
  readonly secrets: EditorSecrets;
  readonly load: () => Promise<Backend>;
  readonly discovery: Discovery;
  /** Calls back when the editor's language models came or went. */
  readonly onEditorModels: (changed: () => void) => Disposable;
  /** Told each time that the person does something with us. */
  readonly attend: () => void;
  readonly probe: ModelProbe;
  /** Collects what the doctor judges. */
  readonly examine: () => Promise<Facts>;
  /** What commands of runs print, with who runs them. */
  readonly onPrinted: vscode.Event<Printed>;
  /** How far tests of runs have come while they run. */
  readonly onTests: vscode.Event<LiveTests>;
  /** What language servers find in files that runs changed. */
  readonly problems: AppliedProblems;
}

export interface Printed {
  readonly label: string;
  readonly text: string;
}

/** What other extensions may read. */
export interface QuartetApi {
  /** Newest first. */
  runs(): Promise<readonly RunEntry[]>;
  /** Errors: `run.missing`, `journal.damaged`. */
  view(run: string): Promise<RunView>;
}

export interface Surfaces extends Disposable {
  readonly api: QuartetApi;
  /** Stops what is live so that it can be resumed. */
  close(): Promise<void>;
}

interface Shared extends SurfaceNeeds {
  readonly desk: Desk;
  readonly models: EditorModels;
  /** Something else is kept of the tests. */
  readonly testsKept: vscode.EventEmitter<void>;
  /** Another model was picked for new runs. */
  readonly modelPicked: vscode.EventEmitter<void>;
  readonly obstacle: () => Promise<Obstacle | undefined>;
}

const showPanel = async () => {
  await vscode.commands.executeCommand(`${TeamPanel.id}.focus`);
};

function share(needs: SurfaceNeeds): Shared {
  const { log, context } = needs;
  const models = createEditorModels(needs.discovery, keepPicked(context.workspaceState));
  const load = async () => {
    const found = windowObstacle();
    if (found === undefined) return await needs.load();
    throw new PortError('workspace.obstacle', found.text);
  };
  const desk = new Desk({
    load,
    settings: (demo) => models.settings(demo),
    budget: () => configuredBudget(readSetting),
    state: context.workspaceState,
    log,
  });
  const testsKept = new vscode.EventEmitter<void>();
  const modelPicked = new vscode.EventEmitter<void>();
  const obstacle = () => Promise.resolve(windowObstacle());
  return { ...needs, desk, models, testsKept, modelPicked, obstacle };
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
  void applyRetention({ desk, log, retention }).catch((error: unknown) => tellError(error, log));
  await demo.continuePending();
  const setting = () => readSetting('resumeOnStartup');
  await resumeLeftRuns({ desk, log, state: context.workspaceState, setting, attend });
}

const retention = () => configuredRetention(readSetting);

interface Tools {
  readonly review: Review;
  readonly hunks: HunkThreads;
  readonly team: AskTeam;
  readonly remarks: Remarks;
  readonly keep: Keep;
  readonly newProblems: NewProblems;
  readonly demo: Demo;
  readonly doctor: Doctor;
  readonly tests: Tests;
  readonly runViews: RunViews;
  readonly approval: RoleApproval;
  readonly runsTree: RunsTree;
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

function openCommands(shared: Shared, tools: Tools): vscode.Disposable {
  const { review, hunks, team, remarks, keep, demo, doctor, runViews, tests, approval, runsTree } = tools;
  const { desk, log, obstacle, models, secrets, probe, discovery } = shared;
  const { runDemo, ...others } = runCommands({ desk, demo: () => demo.run(), showPanel });
  const always = {
    // It runs on a copy of the sample where this folder will not do.
    runDemo: async () => await runDemo?.(),
    showPanel,
    showLog: async () => {
      log.show();
    },
    grantTools: async () => {
      const { grantTools } = await import('./commands/grant-tools.ts');
      return await grantTools();
    },
    doctor: () => doctor.show(),
    ...runsTree.commands,
    chooseFolder,
    configureModels: async () => {
      const { configureModels } = await import('./configure/configure.ts');
      const running = async () => {
        const found = await discovery.candidates({ local: true });
        return found.filter(({ source }) => source === 'local').map(({ baseUrl }) => baseUrl);
      };
      const saved = await configureModels({
        secrets,
        probe,
        running,
        editorModels: () => discovery.editorModels(),
      });
      models.forget();
      return saved?.id;
    },
  };
  const guarded = unlessObstructed(
    {
      ...others,
      ...budgetCommands({ desk, showPanel }),
      ...setRunCommands(desk),
      ...waitingCommands({ desk, showPanel }),
      ...teamCommands({ desk, showPanel }),
      ...afterwardsCommands({ desk, showPanel }),
      ...lookingCommands(desk, runViews),
      ...hereCommands({ desk, showPanel }),
      ...keepingCommands({ desk, log, retention }),
      ...policyCommands(desk),
      chooseModel: async (given) => {
        const { chooseModel } = await import('./commands/choose-model.ts');
        const chosen = await chooseModel(models, given);
        shared.modelPicked.fire();
        return chosen;
      },
      ...roleCommands(desk),
      approveRole: approval.approve,
      ...reviewCommands(desk, review),
      ...keep.commands,
      ...tools.newProblems.commands,
      ...testCommands({ desk, tests, showPanel }),
      ...packagesCommands({ desk, settings: () => shared.models.settingsAlone() }),
      ...keptCommands({ desk, changed: () => shared.testsKept.fire() }),
      ...conflictCommands(desk, shared.context.workspaceState),
      ...hunkCommands({ review, threads: hunks, remarks: remarks.acts, team }),
    },
    obstacle,
  );
  return registerCommands({ ...guarded, ...always }, log, shared.attend);
}

function openViews(shared: Shared, { review, newProblems, demo, tests }: Tools): readonly Disposable[] {
  const { desk, log, obstacle, attend } = shared;
  const answer = createRequestHandler({ desk, review, obstacle, demo: (goal) => demo.run(goal) });
  const handle: typeof answer = async (request, reply) => {
    attend();
    await answer(request, reply);
  };
  const lookAgain = () => {
    shared.models.forget();
    void panel.refresh();
  };
  const panel = new TeamPanel({ ...shared, extension: shared.context.extensionUri, handle, review });
  return [
    panel,
    attendRoleFiles(),
    showChangesTree(review, newProblems),
    showGates({ desk, log, tests }),
    showStatus(desk, shared.onTests),
    keepContextKeys(desk),
    offerTools(shared),
    offerCodeActions(),
    notifyOutOfSight({ desk, log, isPanelVisible: () => panel.isVisible, isTold: (run) => tests.began(run) }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('quartet')) lookAgain();
    }),
    shared.onEditorModels(lookAgain),
    shared.testsKept.event(() => void panel.refresh()),
    shared.testsKept,
    shared.modelPicked.event(() => void panel.refresh()),
    shared.modelPicked,
    onFolderChosen(() => void panel.refresh()),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void panel.refresh()),
    vscode.workspace.onDidChangeWorkspaceFolders(() => void panel.refresh()),
  ];
}

export function openSurfaces(needs: SurfaceNeeds): Surfaces {
  const shared = share(needs);
  const { desk, log } = shared;
  const review = new Review(desk, needs.context.workspaceState);
  const team = createAskTeam(desk, needs.context.workspaceState);
  const [hunks, remarks] = [showHunks(review, team), showRemarks(review)];
  const keep = createKeep(desk, workspaceFolder, needs.context.workspaceState, () => {
    needs.problems.forget();
  });
  const newProblems = createNewProblems({
    ...{ desk, problems: needs.problems, folder: workspaceFolder },
    isOn: () => readSetting('newProblems') !== false,
  });
  const demo = createDemo({ ...shared, showPanel });
  const doctor = createDoctor(needs.examine);
  const extension = needs.context.extensionUri;
  const runViews = createRunViews({ desk, log, extension, showPanel });
  const tests = openTests(shared);
  const [approval, runsTree] = [offerApproval(desk), showRunsTree(desk)];
  const made = { review, hunks, team, remarks, keep, newProblems, demo, doctor };
  const tools: Tools = { ...made, runViews, tests, approval, runsTree };
  const start = () => void begin(shared, demo).catch((error: unknown) => tellError(error, log));
  const ends = vscode.Disposable.from(
    openCommands(shared, tools),
    doctor,
    runViews,
    approval,
    runsTree,
    provideRecords(desk),
    ...openViews(shared, tools),
    tests,
    vscode.workspace.onDidGrantWorkspaceTrust(start),
    onFolderChosen(start),
    hunks,
    team,
    remarks,
    keep,
    newProblems,
    review,
    desk,
  );
  start();
  return {
    api: {
      runs: async () => (await desk.connect()).views.list(),
      view: async (run) => (await desk.connect()).views.view(run),
    },
    close: () => desk.close(),
    dispose: () => void ends.dispose(),
  };
}
