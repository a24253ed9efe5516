/** What the editor loads once runs are looked at. Like its neighbours one file of the build: many small ones load slower. */
export { createRunRecord } from '../core/run/views/record.ts';
export { createRunViews } from '../core/run/views/views.ts';
export { unfinishedRuns } from '../core/run/keeping/retention.ts';
export { createNodeFiles } from '../node/files.ts';
export { createKeptText } from '../node/kept-text.ts';
export { discoverModels } from '../node/models/discover.ts';
export { listModels } from '../node/models/model-list.ts';
export { createNodePorts } from '../node/ports.ts';
export { sweepLeftovers } from '../node/retention/sweep.ts';
export { createNodeSearch } from '../node/search.ts';
export * as storages from '../node/shared-storage.ts';
export { createWorkspaceTests } from '../node/workspace-tests.ts';
