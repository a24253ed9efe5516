/** What the editor's surfaces load when something asks for it. One file of the build: many small ones load slower. */
export { isIll } from '../core/doctor/finding.ts';
export { judge } from '../core/doctor/judge.ts';
export { asMarkdown, summary } from '../core/doctor/report.ts';
export { protectedPath } from '../core/policy/protected.ts';
export { whyAsked } from '../core/run/attached.ts';
export { lineNow } from '../core/run/handover/moved-lines.ts';
export { explain, fileHunks, originOf } from '../core/run/handover/provenance.ts';
export { changeOfKept, keptFiles } from '../core/run/views/kept-work.ts';
export { changeOfTask } from '../core/run/views/task-change.ts';
export { transcriptOf } from '../core/run/views/transcript.ts';
export { roleFileText, USUAL_TOOLS } from '../core/team/new-role.ts';
export { readRoleFile, ROLE_KEYS, ROLE_LIMITS, toolsForRoles } from '../core/team/role-file.ts';
export { judgeRoles } from '../core/team/role-files.ts';
export { ownRoles } from './goal/own-roles.ts';
export { accessHelp } from './access-help.ts';
export { configuredModels } from './settings.ts';
