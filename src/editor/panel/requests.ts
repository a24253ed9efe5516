/** What the panel's requests do. Each is also a command or a gesture elsewhere. */
import * as vscode from 'vscode';
import { confine } from '../../core/policy/paths.ts';
import { PortError } from '../../core/ports.ts';
import type { GoalFile } from '../../protocol/attached.ts';
import type { PanelRequest, PanelUpdate } from '../../protocol/panel.ts';
import type { Desk } from '../desk.ts';
import type { GoalGiven } from '../goal/given.ts';
import { NOTHING } from '../goal/kept.ts';
import { offeredBy } from '../goal/places.ts';
import { expandGoal, findPlaces } from '../goal/mentions.ts';
import { workspaceFolder, type Obstacle } from '../obstacle.ts';
import { openRecord } from '../run-view/documents.ts';
import type { Review } from '../review/review.ts';
import { t } from '../told.ts';

/** All but `ready` and `focus`, which are the panel's own. Errors go back to the page. */
export type HandleRequest = (
  request: Exclude<PanelRequest, { type: 'ready' | 'focus' }>,
  reply: (update: PanelUpdate) => void,
) => Promise<void>;

export interface RequestNeeds {
  readonly desk: Desk;
  readonly review: Review;
  /** What goes with the goal that is being written. */
  readonly given: GoalGiven;
  readonly obstacle: () => Promise<Obstacle | undefined>;
  /** Starts the demo here, or offers a folder where it can run. */
  readonly demo: (goal: string) => Promise<unknown>;
}

const execute = async (command: string, ...args: readonly unknown[]) => {
  await vscode.commands.executeCommand(command, ...args);
};

async function openFile(path: string, line: number | undefined): Promise<void> {
  const folder = workspaceFolder();
  const place = confine(path);
  if (folder === undefined || !place.ok) return;
  const at = Math.max(0, (line ?? 1) - 1);
  const selection = new vscode.Range(at, 0, at, 0);
  await vscode.window.showTextDocument(vscode.Uri.joinPath(folder.uri, place.path), {
    selection,
    preview: true,
  });
}

/** A file that the open run changes is shown at its first change where no line is given; while it is reviewed, in its diff. */
async function openPlace(review: Review, path: string, line: number | undefined): Promise<void> {
  const { current } = review;
  const isReviewed =
    current?.signal !== undefined && current.changes.files.some((file) => file.path === path);
  const at = line ?? review.hunks(path)[0]?.hunk.newStart;
  await (isReviewed ? review.openFile(path, at) : openFile(path, at));
}

/** The editor shows the address and asks before it leaves. */
async function openLink(url: string): Promise<void> {
  const uri = vscode.Uri.parse(url, true);
  if (uri.scheme === 'https' || uri.scheme === 'http') await vscode.env.openExternal(uri);
}

/** Asks about those that the policy asks about. Errors: `attached.asks` where the person does not want one to be told. */
async function allowedFiles(desk: Desk, files: readonly GoalFile[]): Promise<readonly GoalFile[]> {
  if (files.length === 0) return files;
  const [{ whyAsked }, { policy }] = await Promise.all([import('../at-need.ts'), desk.settings(false)]);
  const all: GoalFile[] = [];
  for (const file of files) {
    const asked = whyAsked(file.name, policy);
    if (asked && !asked.isForbidden) {
      const tell = t('Tell It to the Models');
      const question = t('Tell {0} to the models of this run?', file.name);
      const detail = t('{0} What looks like a secret is left out.', `${asked.why}.`);
      const chosen = await vscode.window.showWarningMessage(question, { modal: true, detail }, tell);
      if (chosen !== tell)
        throw new PortError('attached.asks', t('{0} is not told. Take it out, and start again.', file.name));
    }
    all.push(asked === undefined ? file : { ...file, allowed: true });
  }
  return all;
}

type Find = Extract<PanelRequest, { type: 'mention.find' }>;
type Found = Extract<PanelUpdate, { type: 'mention.found' }>['found'];

/** Files and folders, or the person's own roles. */
async function mentionable(desk: Desk, { sign, query }: Find): Promise<Found> {
  if (sign === '#') return findPlaces(query);
  if (!vscode.workspace.isTrusted || workspaceFolder() === undefined) return [];
  const [{ ownRoles }, { roles }] = await Promise.all([import('../at-need.ts'), desk.connect()]);
  return ownRoles(await roles.list());
}

async function start(
  needs: RequestNeeds,
  request: Extract<PanelRequest, { type: 'run.start' }>,
): Promise<void> {
  if (request.demo && request.follows === undefined) {
    await needs.demo(request.goal);
    return;
  }
  const obstacle = await needs.obstacle();
  if (obstacle !== undefined) throw new PortError('workspace.obstacle', obstacle.text);
  const files = await allowedFiles(needs.desk, request.files ?? []);
  await needs.desk.start({ ...request, files, goal: await expandGoal(request.goal) });
  needs.given.keep(NOTHING);
}

type TestsAct = Extract<PanelRequest, { type: 'tests.act' }>['act'];

async function actOnTests(act: TestsAct, run: string | undefined): Promise<void> {
  if (act === 'run') await execute('quartet.runTests');
  else if (act === 'fix') await execute('quartet.fixTests', run);
  else if (act === 'diagnose') await execute('quartet.diagnoseTests');
  else await execute('quartet.configureTests', ...(act === 'confirm' ? [act] : []));
}

async function actOnObstacle({ obstacle }: RequestNeeds): Promise<void> {
  const action = (await obstacle())?.action;
  await execute(action?.command ?? 'workbench.action.openSettings', ...(action ? [] : ['quartet']));
}

type Request = Parameters<HandleRequest>[0];
type Handlers = {
  readonly [R in Request as R['type']]: (request: R, reply: Parameters<HandleRequest>[1]) => Promise<unknown>;
};

function handlersOf(needs: RequestNeeds): Handlers {
  const { desk, review } = needs;
  /** The commands of the review work on the open run. */
  const inRun = async (run: string, act: () => Promise<unknown>) => {
    if (desk.openId !== run) await desk.open(run);
    await act();
  };
  return {
    'run.start': (request) => start(needs, request),
    'mention.find': async (request, reply) =>
      reply({ type: 'mention.found', token: request.token, found: await mentionable(desk, request) }),
    'given.keep': async ({ images, files }) => needs.given.keep({ images, files }),
    'places.drop': async ({ uris }) => {
      const places = uris.map((uri) => vscode.Uri.parse(uri));
      needs.given.offer(await offeredBy(places, await needs.given.now(), { read: false }));
    },
    'files.choose': () => execute('quartet.attachFiles'),
    'run.open': ({ run }) => desk.open(run),
    'run.close': () => desk.open(undefined),
    'run.stop': ({ run }) => desk.stop(run),
    'run.pause': ({ run }) => execute('quartet.pause', run),
    'run.resume': ({ run }) => (desk.isForeign(run) ? execute('quartet.takeOver', run) : desk.resume(run)),
    'run.raise': ({ run }) => execute('quartet.raiseLimit', run),
    'run.set': ({ run }) => execute('quartet.setRun', run),
    'run.undo': ({ run }) => execute('quartet.undo', run),
    'run.export': ({ run }) => execute('quartet.exportRun', run),
    'run.delete': ({ run }) => execute('quartet.deleteRun', run),
    'run.commit': ({ run }) => execute('quartet.commitChange', run),
    'run.fork': ({ run, ...point }) =>
      execute('quartet.forkRun', run, Object.keys(point).length === 0 ? undefined : point),
    'run.steer': ({ run, text, to }) => desk.steer(run, text, to),
    'message.resend': ({ run, message, elsewhere }) =>
      elsewhere === true ? execute('quartet.resendMessage', run, message) : desk.resend(run, message),
    'run.change': ({ run, change }) => desk.change(run, change),
    'hand.open': ({ run, signal }) => execute('quartet.openByHand', run, signal),
    'kept.back': ({ run, kept }) => execute('quartet.getBackKept', run, kept),
    answer: ({ run, signal, value }) => desk.answer(run, signal, value),
    'plan.check': async ({ run, plan, token }, reply) => {
      const backend = await desk.connect();
      reply({ type: 'plan.checked', token, ...(await backend.checkPlan(run, plan)) });
    },
    'picture.show': async ({ run, call }, reply) => {
      const { views } = await desk.connect();
      reply({ type: 'picture', run, call, data: (await views.picture(run, call)) ?? null });
    },
    'review.open': ({ run, path }) =>
      inRun(run, () => (path === undefined ? review.openAll() : review.openFile(path))),
    'review.acceptAll': ({ run }) => inRun(run, () => execute('quartet.acceptAll')),
    'review.rejectAll': ({ run }) => inRun(run, () => execute('quartet.rejectAll')),
    'review.apply': ({ run }) => inRun(run, () => execute('quartet.applyReviewed')),
    'review.sendBack': ({ run }) => inRun(run, () => execute('quartet.sendBack')),
    'conflict.open': ({ run }) => inRun(run, () => execute('quartet.resolveConflicts')),
    'conflict.apply': ({ run }) => inRun(run, () => execute('quartet.applyResolved')),
    'file.open': ({ path, line }) => openPlace(review, path, line),
    'link.open': ({ url }) => openLink(url),
    'tests.act': ({ act, run }) => actOnTests(act, run),
    'autonomy.set': ({ level }) => execute('quartet.setAutonomy', level),
    'permissions.show': () => execute('quartet.showPermissions'),
    'audit.show': ({ run }) => execute('quartet.showAuditLog', run),
    'run.view': ({ run }) => execute('quartet.openRunView', run),
    'task.diff': ({ run, task }) => execute('quartet.showTaskDiff', run, task),
    'record.open': ({ run, seq, part }) => openRecord(run, seq, part),
    'models.configure': () => execute('quartet.configureModels'),
    'model.choose': () => execute('quartet.chooseModel'),
    'obstacle.act': () => actOnObstacle(needs),
    'folder.choose': () => execute('quartet.chooseFolder'),
    'help.show': () => execute('quartet.accessHelp'),
    'log.show': () => execute('quartet.showLog'),
  };
}

export function createRequestHandler(needs: RequestNeeds): HandleRequest {
  const handlers = handlersOf(needs);
  return async (request, reply) => {
    const handle = handlers[request.type] as (
      request: Request,
      reply: Parameters<HandleRequest>[1],
    ) => Promise<unknown>;
    await handle(request, reply);
  };
}
