/** Every state of the panel: the messages that bring a page there. */
import type { PanelUpdate } from '../../../src/protocol/panel.ts';
import type { RunView } from '../../../src/protocol/view.ts';
import { busy } from './busy.ts';
import * as boards from './boards.ts';
import { code } from './code.ts';
import { noModel, ready, untrusted } from './contexts.ts';
import * as ended from './ended.ts';
import { hostile } from './hostile.ts';
import { nested, suggested } from './nested.ts';
import { opinions } from './opinions.ts';
import * as people from './people.ts';
import * as registry from './registry.ts';
import * as runs from './runs.ts';
import { stuck } from './stuck.ts';

const shown = (view: RunView | null, owned = true): PanelUpdate => ({
  ...{ type: 'snapshot', at: view?.lastSeq ?? 0 },
  ...{ view, owned },
});

const { long: _long, ...plain } = runs;
const RUNS: Readonly<Record<string, RunView>> = {
  ...plain,
  ...ended,
  ...boards,
  ...people,
  ...registry,
  busy,
  code,
  opinions,
  nested,
  suggested,
  stuck,
  hostile,
};

/** By name. */
export const STATES: Readonly<Record<string, readonly PanelUpdate[]>> = {
  start: [{ type: 'context', context: ready }, shown(null)],
  noModel: [{ type: 'context', context: noModel }, shown(null)],
  untrusted: [{ type: 'context', context: untrusted }, shown(null)],
  ...Object.fromEntries(
    Object.entries(RUNS).map(([name, view]) => [name, [{ type: 'context', context: ready }, shown(view)]]),
  ),
  // Last: what went wrong stands there until somebody has read it.
  error: [
    { type: 'context', context: ready },
    shown(runs.working, false),
    { type: 'error', text: 'The journal of this run is damaged at line 12: its sum does not match.' },
  ],
};
