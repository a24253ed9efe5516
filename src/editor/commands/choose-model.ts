/** Which model answers in new runs: as the roles say, or one that the person picks for all of them. */
import * as vscode from 'vscode';
import { nameOf, type ModelChoice } from '../../core/models/picking.ts';
import type { Endpoint } from '../../protocol/settings.ts';
import { group } from '../configure/places.ts';
import type { EditorModels } from '../models.ts';
import type { FoundModels } from '../settings.ts';
import { t } from '../told.ts';

interface Item extends vscode.QuickPickItem {
  /** What is picked by it; `roles`: settings and roles decide. Absent: it leads to Configure Models. */
  readonly choice?: ModelChoice | 'roles';
}

const whereOf = ({ kind, baseUrl, model }: Endpoint): string =>
  kind === 'editor' ? model : [model, ...(baseUrl === undefined ? [] : [new URL(baseUrl).host])].join(' · ');

const itemOf = (choice: ModelChoice): Item => ({
  label: nameOf(choice.endpoint),
  description: whereOf(choice.endpoint),
  choice,
});

/** Who is asked first, role by role. */
function rolesText(found: FoundModels | undefined): string {
  const first = Object.entries(found?.routes ?? {}).map(([role, route]) => {
    const endpoint = found?.endpoints.find(({ id }) => id === route.flat()[0]);
    return [role, endpoint ? nameOf(endpoint) : ''] as const;
  });
  if (first.length === 0) return t('No model is configured.');
  const own = first.filter(([role]) => role !== 'default').map(([role, name]) => `${role}: ${name}`);
  const others = first.filter(([role]) => role === 'default').map(([, name]) => name);
  return [...others, ...own].join(' · ');
}

/** Items from the list as it stands; what is picked now has the focus. */
async function ask(items: readonly Item[], active: Item | undefined): Promise<Item | undefined> {
  const input = vscode.window.createQuickPick<Item>();
  input.title = t('Model of new runs');
  input.placeholder = t('Whom you pick answers for every role, and nobody else is asked');
  input.matchOnDescription = true;
  input.items = items;
  if (active !== undefined) input.activeItems = [active];
  try {
    return await new Promise((resolve) => {
      input.onDidAccept(() => resolve(input.selectedItems[0]));
      input.onDidHide(() => resolve(undefined));
      input.show();
    });
  } finally {
    input.dispose();
  }
}

async function itemsOf(models: EditorModels) {
  const [found, choices, picked] = [await models.find(), await models.choices(), await models.picked()];
  const from = (...wanted: readonly ModelChoice['from'][]) =>
    choices.filter((choice) => wanted.includes(choice.from)).map(itemOf);
  const roles: Item = { label: t('As the roles say'), description: rolesText(found), choice: 'roles' };
  const items: readonly Item[] = [
    roles,
    ...group<Item>(t('configured'), from('configured')),
    ...group<Item>(t('models of the editor'), from('editor')),
    ...group<Item>(t('found here'), from('environment', 'local')),
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    { label: t('Configure Models…') },
  ];
  const isPicked = ({ choice }: Item): boolean =>
    typeof choice === 'object' &&
    choice.endpoint.id === picked?.endpoint?.id &&
    choice.endpoint.model === picked.endpoint.model;
  return { items, active: picked === undefined ? roles : items.find(isPicked) };
}

/** What an argument names: `roles`, or a model by the id of its endpoint. */
async function givenChoice(models: EditorModels, given: string): Promise<ModelChoice | 'roles' | undefined> {
  if (given === 'roles') return given;
  return (await models.choices()).find(({ endpoint }) => endpoint.id === given);
}

/** Resolves to the id of the endpoint, to `roles`, or to `undefined` where the person left it as it was. */
export async function chooseModel(models: EditorModels, given: unknown): Promise<string | undefined> {
  let choice = typeof given === 'string' ? await givenChoice(models, given) : undefined;
  if (typeof given !== 'string') {
    const { items, active } = await itemsOf(models);
    const item = await ask(items, active);
    if (item === undefined) return undefined;
    if (item.choice === undefined) {
      await vscode.commands.executeCommand('quartet.configureModels');
      return undefined;
    }
    choice = item.choice;
  }
  if (choice === undefined) return undefined;
  await models.pick(choice === 'roles' ? undefined : choice);
  return choice === 'roles' ? choice : choice.endpoint.id;
}
