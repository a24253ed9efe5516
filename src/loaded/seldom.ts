/** What the editor loads for what is done now and then with runs, tests, plans, and for the doctor. */
export { checkEndpoint } from '../core/models/check.ts';
export { verifyRun } from '../core/run/journal/verify.ts';
export { exportRun, importRun } from '../core/run/keeping/bundle.ts';
export { takeOver } from '../core/run/keeping/take-over.ts';
export { createDraftCheck } from '../core/run/plan/draft-check.ts';
export { auditRun, auditText } from '../core/run/views/audit.ts';
export { readInstructions } from '../core/team/instructions.ts';
export { editorFacts } from '../editor/facts.ts';
export { createEditorModels } from '../editor/models.ts';
export { collectFacts } from '../node/doctor/collect.ts';
export { collectGarbage } from '../node/retention/collect.ts';
export { surveyStorage } from '../node/retention/survey.ts';
