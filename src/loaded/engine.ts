/** What the editor loads once something is run, or a model is asked. */
export { createEndpoints } from '../core/models/endpoints.ts';
export { probeModel } from '../core/models/probe.ts';
export { createRouter } from '../core/models/routing.ts';
export { parseScript } from '../core/models/script.ts';
export { createScriptedModel } from '../core/models/scripted.ts';
export { createEngine } from '../core/run/engine.ts';
export { createEditorHostTools } from '../editor/host-tools.ts';
export { createEditorLanguageModels } from '../editor/language-models/editor-models.ts';
export { createEditorLanguages } from '../editor/languages.ts';
export { nodeClock } from '../node/clock.ts';
export { withCassettes } from '../node/models/cassette-file.ts';
export { createOpenAiModels } from '../node/models/openai-models.ts';
