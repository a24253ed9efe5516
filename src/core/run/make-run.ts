/** Puts together what a story needs: settings, team, budget and inbox, from the journal's beginning. */
import type { EventData, JournalLine } from '../../protocol/events.ts';
import { createRedactor } from '../policy/redact.ts';
import { PortError, type Steps } from '../ports.ts';
import type { TeamWorld } from '../team/life.ts';
import type { Inbox } from '../team/inbox.ts';
import { createRegistry } from '../team/registry.ts';
import { createPages } from '../tools/pages.ts';
import { createWindows } from '../team/windows.ts';
import { createActiveTime, type ActiveTime } from './active-time.ts';
import { createBudget } from './budget.ts';
import type { EnginePorts, LiveText, ResumeChanges } from './contract.ts';
import type { Past } from './past.ts';
import type { Run } from './run.ts';
import { keyInStory } from './upgrade.ts';

interface Parts {
  readonly lines: readonly JournalLine[];
  readonly past: Past;
  readonly resumed: ResumeChanges | undefined;
  readonly steps: Steps;
  readonly ports: EnginePorts;
  readonly inbox: Inbox;
  readonly onText: (text: Omit<LiveText, 'run'>) => void;
}

/** Errors: `journal.damaged` where the journal does not begin with the start of a run. */
export function makeRun(parts: Parts): Run {
  const { lines, steps, ports, inbox } = parts;
  const started = startOf(lines);
  const settings = { ...started.settings, budget: budgetOf(lines, parts.resumed) ?? started.settings.budget };
  for (const line of lines) {
    if (line.type === 'message.posted' && line.data.from === 'person')
      inbox.post({ ...line.data, id: line.key ?? '' });
  }
  const { run: id, goal, mode } = started;
  const active = createActiveTime(steps, ports.clock, lines);
  const team = teamOf(parts, settings, active);
  return {
    id,
    goal,
    mode,
    settings,
    steps: active.steps,
    ports,
    roles: createRegistry(),
    team,
    redactor: createRedactor(),
    pages: createPages(),
  };
}

function teamOf(
  { ports, inbox, past, onText }: Parts,
  settings: TeamWorld['settings'],
  active: ActiveTime,
): TeamWorld {
  const budget = createBudget(settings.budget, past.lost);
  const made = new Set(past.ends.map((end) => keyInStory(end.key)));
  const inherited = new Set([...past.inherited].map(keyInStory));
  return {
    models: ports.models,
    clock: ports.clock,
    settings,
    inbox,
    windows: createWindows(),
    reserve: (key, worst) => {
      if (!made.has(key)) return outOfTime(settings.budget.minutesMax, active) ?? budget.reserve(key, worst);
      budget.hold(key, worst);
      return undefined;
    },
    settle: (key, spent) => {
      budget.settle(key, inherited.has(key) ? undefined : spent);
    },
    onText: (key, who, text) => {
      onText({ key, role: who.role, text, ...(who.task !== undefined && { task: who.task }) });
    },
  };
}

/** Minutes are looked at before each call; what is under way ends by its own time limit. */
function outOfTime(minutesMax: number | undefined, active: ActiveTime): string | undefined {
  if (minutesMax === undefined || active.minutes() < minutesMax) return undefined;
  return `The run has been active for ${active.minutes().toFixed(1)} of ${minutesMax} minutes. Raise the limit to go on.`;
}

function startOf(lines: readonly JournalLine[]): EventData<'run.started'> {
  const first = lines[0];
  if (first?.type === 'run.started') return first.data;
  throw new PortError('journal.damaged', 'The journal does not begin with the start of a run.');
}

function budgetOf(
  lines: readonly JournalLine[],
  resumed: ResumeChanges | undefined,
): EventData<'run.resumed'>['budget'] {
  if (resumed?.budget) return resumed.budget;
  const changes = lines.flatMap((line) =>
    line.type === 'run.resumed' && line.data.budget ? [line.data.budget] : [],
  );
  return changes.at(-1);
}
