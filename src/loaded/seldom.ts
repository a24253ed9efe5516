/** What the editor loads for what is done now and then with runs, tests, plans, and for the doctor. */
export { checkEndpoint } from '../core/models/check.ts';
export { testFilesIn } from '../core/qa/related.ts';
export { rolesForTasks } from '../core/run/agents/own-roles.ts';
export { knownIn, workspaceView } from '../core/run/gate/workspace-tests.ts';
export { verifyRun } from '../core/run/journal/verify.ts';
export { exportRun, importRun } from '../core/run/keeping/bundle.ts';
export { takeOver } from '../core/run/keeping/take-over.ts';
export { checkPlan } from '../core/run/plan/graph.ts';
export { auditRun, auditText } from '../core/run/views/audit.ts';
export { toldGates } from '../core/run/views/told-tests.ts';
export { readInstructions } from '../core/team/instructions.ts';
export { createEditorModels } from '../editor/models.ts';
export { collectFacts } from '../node/doctor/collect.ts';
export { collectGarbage } from '../node/retention/collect.ts';
export { surveyStorage } from '../node/retention/survey.ts';
