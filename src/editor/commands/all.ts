/** Everything that can be done by a command. Loaded when the first of them is given. */
import { configureModels } from '../configure/configure.ts';
import type { GoalGiven } from '../goal/given.ts';
import { showPanel } from '../panel/provide.ts';
import { readSetting } from '../read-setting.ts';
import { conflictCommands } from '../review/conflicts.ts';
import type { RunViews } from '../run-view/run-views.ts';
import { configuredRetention } from '../settings.ts';
import type { Shared, Tools } from '../shared.ts';
import { afterwardsCommands } from './afterwards.ts';
import { answeringCommands } from './answering.ts';
import { attachFiles } from './attach-files.ts';
import { budgetCommands } from './budget.ts';
import { chooseFolder } from './choose-folder.ts';
import { chooseModel } from './choose-model.ts';
import { grantTools } from './grant-tools.ts';
import { helpCommands } from './help.ts';
import { hereCommands } from './here.ts';
import { hunkCommands } from './hunks.ts';
import { keepingCommands } from './keeping.ts';
import { keptByHandCommands } from './kept-by-hand.ts';
import { lookingCommands } from './looking.ts';
import type { CommandName } from './names.ts';
import { packagesCommands } from './packages.ts';
import { placeCommands } from './place.ts';
import { policyCommands } from './policy.ts';
import { unlessObstructed, type Commands, type Family } from './register.ts';
import { reviewCommands } from './review.ts';
import { roleCommands } from './roles.ts';
import { runCommands } from './runs.ts';
import { setRunCommands } from './set-run.ts';
import { teamCommands } from './team.ts';
import { keptCommands } from './tests-kept.ts';
import { testCommands } from './tests.ts';
import { waitingCommands } from './waiting.ts';

/** All need a trusted folder but those that help to come by one, or only show. */
export function commandsOf(
  shared: Shared,
  tools: Tools,
  { runViews, given }: { readonly runViews: RunViews; readonly given: GoalGiven },
): Family<CommandName> {
  const { review, cursor, hunks, team, remarks, keep, demo, doctor, tests, approval, runsTree } = tools;
  const { desk, log, obstacle, models, secrets, probe, discovery } = shared;
  const retention = async () => configuredRetention(readSetting);
  const { runDemo, ...others } = runCommands({ desk, demo: () => demo.run(), showPanel });
  const always = {
    // It runs on a copy of the sample where this folder will not do.
    runDemo,
    showPanel,
    ...placeCommands,
    showLog: async () => {
      log.show();
    },
    grantTools,
    doctor: () => doctor.show(),
    ...helpCommands(shared.context),
    ...runsTree.commands,
    chooseFolder,
    configureModels: async () => {
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
      ...answeringCommands({ desk, showPanel }),
      ...teamCommands({ desk, showPanel }),
      ...keptByHandCommands(desk),
      ...afterwardsCommands({ desk, showPanel }),
      ...lookingCommands(desk, runViews),
      ...hereCommands({ desk, showPanel }),
      ...keepingCommands({ desk, log, retention }),
      ...policyCommands(desk),
      ...goalCommands(shared, given),
      ...roleCommands(desk),
      approveRole: approval.approve,
      ...reviewCommands(desk, review, cursor),
      ...keep.commands,
      ...tools.newProblems.commands,
      ...testCommands({ desk, tests, showPanel }),
      ...packagesCommands({ desk, settings: () => models.settingsAlone() }),
      ...keptCommands({ desk, changed: () => shared.testsKept.fire() }),
      ...conflictCommands(desk, shared.context.workspaceState),
      ...hunkCommands({ review, threads: hunks, remarks: remarks.acts, team, cursor }),
    },
    obstacle,
  );
  return { ...guarded, ...always };
}

/** About the goal that is being written. */
function goalCommands({ desk, models, modelPicked }: Shared, given: GoalGiven) {
  return {
    chooseModel: async (model) => {
      const chosen = await chooseModel(models, model);
      modelPicked.fire();
      return chosen;
    },
    attachFiles: (one, all) => attachFiles({ desk, given, showPanel }, one, all),
  } satisfies Commands;
}
