/** Quartet: Accessibility Help. A page to read, never saved. The keys in it are those that the manifest gives, so that it says none that is not there. */
import type { Words } from '../protocol/words.ts';

/** What the page takes from the manifest, whose titles are in the reader's language by then. */
export interface Manifest {
  readonly contributes: {
    readonly commands: readonly {
      readonly command: string;
      readonly category: string;
      readonly title: string;
    }[];
    readonly keybindings: readonly { readonly command: string; readonly key: string; readonly mac: string }[];
  };
}

/** `ctrl+k shift+q` as people read it. */
const spoken = (keys: string): string =>
  keys
    .split(' ')
    .map((chord) =>
      chord
        .split('+')
        .map((key) => `${key.charAt(0).toUpperCase()}${key.slice(1)}`)
        .join('+'),
    )
    .join(' ');

const bothOf = (key: string, mac: string): string => `**${spoken(key)}** (macOS: **${spoken(mac)}**)`;

const list = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n');

export function accessHelp({ contributes: { commands, keybindings } }: Manifest, t: Words): string {
  const titleOf = (command: string): string => {
    const found = commands.find((each) => each.command === command);
    return found ? `${found.category}: ${found.title}` : command;
  };
  return [
    `# ${titleOf('quartet.accessHelp')}`,
    t('Quartet can be used by keyboard alone and with a screen reader.'),
    `## ${t('How the panel is laid out')}`,
    layout(t),
    `## ${t('Keys')}`,
    t('In the editor, where they can be changed under Keyboard Shortcuts:'),
    list(keybindings.map(({ command, key, mac }) => `${bothOf(key, mac)}: _${titleOf(command)}_`)),
    t('In the pages of Quartet:'),
    keysOfPages(t),
    `## ${t('The conversation as text')}`,
    asText(t, `_${titleOf('quartet.exportTranscript')}_`),
    `## ${t('What is announced')}`,
    announced(t),
    '',
  ].join('\n\n');
}

const layout = (t: Words): string =>
  list([
    t('The first button that Tab leads to opens this page.'),
    t('While no run is open, the panel has the box for a goal and the recent runs.'),
    t(
      'While a run is open, its banner has the goal as the heading of the page, how the run stands and what it has cost; there you search, pause and stop.',
    ),
    t(
      'The main part has the plan, the conversation, which is a region of its own, and what came of it. In a wide panel the plan and what came of it are beside the main part and are read before it.',
    ),
    t('Below the main part, “{0}” tells who does what, and who waits for whom.', t('Now')),
    t(
      'The region “{0}” has what waits for your answer. Below it is the box for messages while the team works.',
      t('Needs you'),
    ),
    t('Enter or Space unfolds and folds sections, tasks and tool calls.'),
  ]);

const keysOfPages = (t: Words): string =>
  list([
    t('{0} in the box for a goal starts.', bothOf('ctrl+Enter', 'cmd+Enter')),
    t('Enter sends a message or an answer, Shift+Enter begins a new line.'),
    t(
      '@ and # in the box for a goal offer what can be named: the arrow keys choose, Enter or Tab takes it, Escape closes the list.',
    ),
    t('In the search Enter or F3 leads to the next match, with Shift to the one before; Escape closes it.'),
    t('In the graph of the plan + and - change its size, and 0 makes it fit.'),
    t('In the run view the arrow keys go from step to step, and Enter opens what came of it.'),
  ]);

const asText = (t: Words, exporting: string): string =>
  list([
    t('{0} saves what was said and done in a run as Markdown and opens it in an editor.', exporting),
    t(
      'A tool call that is unfolded has a button that opens what came back in an editor, and what an agent said has one for what it was asked.',
    ),
  ]);

const announced = (t: Words): string =>
  list([
    t(
      'One status region tells what happens: what needs you, how the run stands, tasks that are tested, done, failed or blocked, and what came of a search or of a check of the plan. What agents write is not announced while they write.',
    ),
    t('What goes wrong is an alert, which is read out at once.'),
    t(
      'While the panel is out of sight, notifications of the editor tell what needs you and how runs end; its Do Not Disturb mode silences them.',
    ),
    t(
      'Quartet has no settings of its own for this. How much is read out, and how, is set in the screen reader and in the editor.',
    ),
    t(
      'The setting {0} of the editor keeps the pages of Quartet from moving, too.',
      '`workbench.reduceMotion`',
    ),
  ]);
