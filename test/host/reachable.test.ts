/** Whatever can be done can be found: by a command for each press of the panel, by the palette or a menu for each command, by keys that are ours alone. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { contextKeys } from '../../src/editor/context-keys.ts';
import { Desk } from '../../src/editor/desk.ts';
import { PanelRequest } from '../../src/protocol/panel.ts';
import { InMemoryLog } from '../support/in-memory/small.ts';
import { collide, type Binding } from './keys.ts';

interface Placed {
  readonly command?: string;
  readonly submenu?: string;
  readonly when?: string;
}

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly enablement?: string }[];
    readonly keybindings: readonly {
      readonly command: string;
      readonly key: string;
      readonly mac: string;
      readonly when?: string;
    }[];
    readonly menus: Readonly<Record<string, readonly Placed[]>>;
    readonly viewsWelcome: readonly { readonly when: string }[];
    readonly walkthroughs: readonly {
      readonly steps: readonly { readonly completionEvents: readonly string[] }[];
    }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string; readonly when?: string }[]>>;
  };
}

const { contributes } = vscode.extensions.getExtension('quartet.quartet')?.packageJSON as Manifest;
const commands = contributes.commands.map(({ command }) => command);
const placed = Object.values(contributes.menus).flat();

/** What the page says by itself. */
const NO_PRESS = ['ready', 'focus'] as const;

/** What a press in the panel does, by commands of ours or, where it only looks, leads or types, by the editor's own. */
const BY_COMMAND: Readonly<
  Record<Exclude<PanelRequest['type'], (typeof NO_PRESS)[number]>, readonly string[]>
> = {
  'run.start': ['startRun', 'quickEdit', 'ask', 'runDemo'],
  'given.keep': ['attachFiles'],
  'places.drop': ['attachFiles'],
  'files.choose': ['attachFiles'],
  'run.open': ['openRun'],
  'run.close': ['newGoal'],
  'run.stop': ['stop'],
  'run.pause': ['pause'],
  'run.resume': ['resume', 'takeOver'],
  'run.raise': ['raiseLimit'],
  'run.set': ['setRun'],
  'run.undo': ['undo'],
  'run.commit': ['commitChange'],
  'run.export': ['exportRun'],
  'run.delete': ['deleteRun'],
  'run.fork': ['forkRun'],
  'run.steer': ['steer'],
  'run.change': ['changePlan', 'takeTask', 'setRun'],
  'message.resend': ['resendMessage'],
  'hand.open': ['openByHand'],
  'kept.back': ['getBackKept'],
  // A question is read as a whole before it is answered: in a dialog, or at its card, where the others lead.
  answer: [
    ...['answerNeed', 'nextNeed', 'whatWaits', 'approvePlan'],
    ...['acceptAll', 'rejectAll', 'applyReviewed', 'sendBack'],
  ],
  'review.open': ['reviewChanges', 'openChange'],
  'review.acceptAll': ['acceptAll'],
  'review.rejectAll': ['rejectAll'],
  'review.apply': ['applyReviewed'],
  'review.sendBack': ['sendBack'],
  'conflict.open': ['resolveConflicts'],
  'conflict.apply': ['applyResolved'],
  'tests.act': ['runTests', 'fixTests', 'diagnoseTests', 'configureTests'],
  'autonomy.set': ['setAutonomy'],
  'permissions.show': ['showPermissions'],
  'audit.show': ['showAuditLog'],
  'run.view': ['openRunView'],
  'task.diff': ['showTaskDiff'],
  // What a line of the record says is opened from the run view, by its bars.
  'record.open': ['openRunView'],
  'picture.show': ['openRunView'],
  'models.configure': ['configureModels'],
  'model.choose': ['chooseModel'],
  'obstacle.act': ['doctor'],
  'folder.choose': ['chooseFolder'],
  'help.show': ['accessHelp'],
  'log.show': ['showLog'],
  // Typing: the same words can be typed into the command's own box.
  'mention.find': ['startRun'],
  'plan.check': ['changePlan'],
  // The editor's own ways to a file or page that a text names.
  'file.open': [],
  'link.open': [],
};

/**
 * In the panel the keys that find, find in the panel, as they do in every list of the editor: of ours, which of the editor's finds it
 * goes before. They look for words where the focus is not, in what is open beside the panel.
 */
const BEFORE: Readonly<Record<string, readonly string[]>> = {
  'quartet.searchTalk': [
    'actions.find',
    'editor.action.extensioneditor.showfind',
    'editor.action.webvieweditor.showFind',
    'keybindings.editor.searchKeybindings',
    'notebook.find',
    'repl.action.filter',
    'settings.action.search',
    'workbench.action.chat.find',
    'workbench.action.terminal.focusFind',
  ],
};

/** Where the panel has the focus, and nowhere else. */
const onlyInPanel = ({ when = '' }: Binding): boolean =>
  when.split(' || ').every((each) => each.split(' && ').includes('quartet.inPanel'));

/** Keys that conditions of ours may ask about. */
function known(): ReadonlySet<string> {
  const unused = async () => assert.fail('nothing is loaded to know the keys');
  const state: vscode.Memento = { keys: () => [], get: () => undefined, update: async () => undefined };
  const desk = new Desk({
    load: unused,
    settings: unused,
    budget: unused,
    state,
    log: new InMemoryLog(),
  });
  const keys = [
    ...Object.keys(contextKeys(desk)),
    'modelsSet',
    'onlyTalks',
    'newProblems',
    'inReview',
    'inPanel',
  ].map((name) => `quartet.${name}`);
  desk.dispose();
  return new Set(keys);
}

/** What a condition asks about of ours: plain keys, not values that keys of the editor are compared with. */
const askedIn = (when: string): readonly string[] =>
  when
    .split(/&&|\|\||[()]/u)
    .map((term) => term.trim().replace(/^!/u, ''))
    .filter((term) => /^quartet\.\w+$/u.test(term));

suite('what can be done', () => {
  test('every press in the panel is a command, too', () => {
    const types = PanelRequest.options
      .map(({ shape }) => shape.type.value)
      .filter((type) => !NO_PRESS.some((each) => each === type));
    assert.deepEqual(Object.keys(BY_COMMAND).toSorted(), [...types].toSorted());
    const missing = Object.values(BY_COMMAND)
      .flat()
      .filter((name) => !commands.includes(`quartet.${name}`));
    assert.deepEqual(missing, []);
  });

  test('every command stands in the palette or a menu; none hangs in a menu that there is not', () => {
    const hidden = new Set(
      (contributes.menus['commandPalette'] ?? []).flatMap(({ command, when }) =>
        when === 'false' && command !== undefined ? [command] : [],
      ),
    );
    const inMenus = new Set(
      Object.entries(contributes.menus).flatMap(([menu, items]) =>
        menu === 'commandPalette' ? [] : items.flatMap(({ command }) => command ?? []),
      ),
    );
    // The editor runs these itself, where a tree's entry or a thread is pressed.
    const pressed = new Set(['quartet.openHunk']);
    const lost = commands.filter((id) => hidden.has(id) && !inMenus.has(id) && !pressed.has(id));
    assert.deepEqual(lost, []);
    assert.deepEqual(
      placed.filter(({ command }) => command !== undefined && !commands.includes(command)),
      [],
    );
    const submenus = placed.flatMap(({ submenu }) => submenu ?? []);
    assert.deepEqual(
      submenus.filter((id) => contributes.menus[id] === undefined),
      [],
    );
  });

  test('conditions ask about nothing that is never set', () => {
    const keys = known();
    const whens = [
      ...contributes.commands.map(({ enablement }) => enablement),
      ...contributes.keybindings.map(({ when }) => when),
      ...placed.map(({ when }) => when),
      ...contributes.viewsWelcome.map(({ when }) => when),
      ...contributes.walkthroughs
        .flatMap(({ steps }) => steps.flatMap(({ completionEvents }) => completionEvents))
        .map((event) => event.replace(/^onContext:/u, '')),
      ...Object.values(contributes.views).flatMap((views) => views.map(({ when }) => when)),
    ];
    const asked = new Set(whens.flatMap((when) => askedIn(when ?? '')));
    assert.deepEqual(
      [...asked].filter((key) => !keys.has(key)),
      [],
    );
    assert.deepEqual(
      [...keys].filter((key) => !asked.has(key)),
      [],
      'and nothing is set that nobody asks about',
    );
  });

  test('a step of the walkthrough is done by what is so, not by a command that only ran', () => {
    const events = contributes.walkthroughs
      .flatMap(({ steps }) => steps)
      .flatMap(({ completionEvents }) => completionEvents);
    assert.equal(events.length, 4);
    assert.deepEqual(
      events.filter((event) => !event.startsWith('onContext:')),
      [],
    );
  });

  test('a condition on what a run allows holds for its commands in every menu', () => {
    const enabled = new Map(
      contributes.commands.map(({ command, enablement = '' }) => [command, enablement]),
    );
    // What is shown without its condition would be pressed in vain.
    const inVain = placed.filter(({ command = '', when = '' }) => {
      const own = askedIn(enabled.get(command) ?? '').filter((key) => key !== 'quartet.active');
      // An entry or a thread is there only where it can be acted on; a view's title is always in sight.
      const isItem = /viewItem|commentController|view ==/u.test(when);
      return own.length > 0 && !isItem && when !== 'false' && !own.some((key) => askedIn(when).includes(key));
    });
    assert.deepEqual(inVain, []);
  });

  test('our keys are nobody else’s: no default of the editor answers to them where ours do', async () => {
    const all = await defaultBindings();
    const isOurs = ({ command }: Binding): boolean => command.startsWith('quartet.');
    const [ours, theirs] = [all.filter(isOurs), all.filter((each) => !isOurs(each))];
    assert.ok(theirs.length > 500, `the editor has ${String(theirs.length)} defaults`);
    assert.deepEqual(
      ours.map(({ command }) => command).toSorted(),
      contributes.keybindings.map(({ command }) => command).toSorted(),
    );
    const taken = ours.flatMap((one) =>
      theirs
        .filter((other) => collide(one, other))
        .filter(({ command }) => !(onlyInPanel(one) && BEFORE[one.command]?.includes(command)))
        .map((other) => ({ ours: one, theirs: other })),
    );
    assert.deepEqual(taken, []);
    // The same on a Mac, whose list no other machine has: its chords begin with Cmd+K where others have Ctrl+K.
    assert.deepEqual(
      contributes.keybindings.filter(({ key, mac }) => key.replaceAll('ctrl', 'cmd') !== mac),
      [],
    );
  });

  test('what collides is seen: the same keys, a beginning of them, and conditions that can meet', () => {
    const own: Binding = { key: 'ctrl+k j', command: 'quartet.x', when: "a && s == 'one'" };
    const against = (key: string, when?: string): boolean =>
      collide(own, { key, command: 'other', ...(when !== undefined && { when }) });
    assert.deepEqual(
      [against('ctrl+k j'), against('ctrl+k'), against('ctrl+k j', 'b'), against('ctrl+k j', '!a || b')],
      [true, true, true, true],
    );
    assert.deepEqual(
      [
        against('ctrl+k jj'),
        against('ctrl+j'),
        against('ctrl+k j', '!a'),
        against('ctrl+k', "s == 'two' || false"),
      ],
      [false, false, false, false],
    );
  });
});

/** The editor's own list: Mac and Windows have others. */
async function defaultBindings(): Promise<readonly Binding[]> {
  await vscode.commands.executeCommand('workbench.action.openDefaultKeybindingsFile');
  const ends = Date.now() + 20_000;
  const text = () => vscode.window.activeTextEditor?.document.getText() ?? '';
  while (!text().includes('"command"') && Date.now() < ends)
    await new Promise((resolve) => setTimeout(resolve, 100));
  const list = text().slice(text().indexOf('['), text().indexOf('\n]') + 2);
  await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  return JSON.parse(list) as readonly Binding[];
}
