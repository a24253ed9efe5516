/** Which models a person may pick for new runs, and which of them is the one they picked. Pure. */
import type { Endpoint } from '../../protocol/settings.ts';
import {
  chatModels,
  editorEndpoint,
  editorModelOf,
  endpointOf,
  type Candidate,
  type EditorModel,
} from './candidates.ts';

/** A model that can be picked. */
export interface ModelChoice {
  readonly from: 'configured' | 'editor' | Candidate['source'];
  readonly endpoint: Endpoint;
}

/** What was picked, as it is remembered: endpoints come and go. */
export interface PickedModel {
  readonly from: ModelChoice['from'];
  readonly id: string;
  readonly model: string;
  /** What a person knows it by. */
  readonly label: string;
}

/** Where models may answer now. */
export interface Around {
  readonly configured: readonly Endpoint[];
  readonly editor: readonly EditorModel[];
  readonly candidates: readonly Candidate[];
}

/** Most models of one server that are listed (I10). */
const LISTED_MAX = 40;

/** Those configured, then what was found beside them. A model that is known to call no tools is none for a team. */
export function modelChoices({ configured, editor, candidates }: Around): readonly ModelChoice[] {
  const own = editor
    .filter((model) => model.callsTools !== false && !isConfigured(model, configured))
    .map((model) => ({ from: 'editor', endpoint: editorEndpoint(model) }) as const);
  const found = candidates.flatMap((candidate) =>
    chatModels(candidate.models)
      .slice(0, LISTED_MAX)
      .flatMap((model) => {
        const endpoint = endpointOf(candidate, model);
        return endpoint === undefined ? [] : [{ from: candidate.source, endpoint }];
      }),
  );
  const ids = new Set(configured.map(({ id }) => id));
  return [
    ...configured.map((endpoint) => ({ from: 'configured', endpoint }) as const),
    // The key of a configured endpoint is looked up by its id, and must go nowhere else.
    ...[...own, ...found].filter(({ endpoint }) => !ids.has(endpoint.id) && !isSame(endpoint, configured)),
  ];
}

/** Whether one of the endpoints stands for that model of the editor. */
export const isConfigured = ({ vendor, id, family }: EditorModel, endpoints: readonly Endpoint[]): boolean =>
  endpoints.some(({ kind, model }) => {
    const named = editorModelOf(model);
    return kind === 'editor' && named.vendor === vendor && [id, family].includes(named.name);
  });

const isSame = ({ baseUrl, model }: Endpoint, endpoints: readonly Endpoint[]): boolean =>
  baseUrl !== undefined && endpoints.some((each) => each.baseUrl === baseUrl && each.model === model);

export const nameOf = ({ label, model }: Endpoint): string => label ?? model;

export const remembered = ({ from, endpoint }: ModelChoice): PickedModel => ({
  from,
  id: endpoint.id,
  model: endpoint.model,
  label: nameOf(endpoint),
});

/** The endpoint that was picked; a configured one may have got another model since. `undefined`: it is not there now. */
export function pickedAmong(
  picked: Pick<PickedModel, 'from' | 'id' | 'model'>,
  choices: readonly ModelChoice[],
): Endpoint | undefined {
  return choices.find(
    ({ from, endpoint: { id, model } }) =>
      from === picked.from && id === picked.id && (from === 'configured' || model === picked.model),
  )?.endpoint;
}
