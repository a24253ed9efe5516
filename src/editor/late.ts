/** What a window loads once something of Quartet is looked at, asked for or run. One file of the build: many small ones load slower. */
import { commandsOf } from './commands/all.ts';
import type { CommandName } from './commands/names.ts';
import type { Family } from './commands/register.ts';
import { GoalGiven } from './goal/given.ts';
import { createGivenStore } from './goal/kept.ts';
import type { Offered, ToolName } from './offered/provide.ts';
import { toolsOffered } from './offered/tools.ts';
import { TeamPanel } from './panel/panel.ts';
import { showPanel } from './panel/provide.ts';
import { createRequestHandler } from './panel/requests.ts';
import { createRunViews, type RunViews } from './run-view/run-views.ts';
import type { Shared, Tools } from './shared.ts';

export { createEditorModels } from './models.ts';
export { keepPicked } from './picked-model.ts';
export { configuredBudget, configuredModels, configuredRetention } from './settings.ts';

export interface Late {
  readonly commands: Family<CommandName>;
  readonly panel: TeamPanel;
  readonly runViews: RunViews;
  readonly offered: Readonly<Record<ToolName, Offered>>;
}

async function isSecret(name: string): Promise<boolean> {
  const { protectedPath } = await import('./at-need.ts');
  return protectedPath(name)?.class === 'secret';
}

export function openLate(shared: Shared, tools: Tools): Late {
  const { desk, log, obstacle, attend, context } = shared;
  const { review, demo } = tools;
  const extension = context.extensionUri;
  const given = new GoalGiven(createGivenStore(shared.goalKept, isSecret), log);
  const answer = createRequestHandler({ desk, review, given, obstacle, demo: (goal) => demo.run(goal) });
  const handle: typeof answer = async (request, reply) => {
    attend();
    await answer(request, reply);
  };
  const runViews = createRunViews({ desk, log, extension, showPanel });
  return {
    commands: commandsOf(shared, tools, { runViews, given }),
    panel: new TeamPanel({ ...shared, extension, handle, review, given }),
    runViews,
    offered: toolsOffered(shared),
  };
}
