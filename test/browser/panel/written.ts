/** What people, models and programs wrote in messages to a page, by field. All else that a page shows is ours, and is translated. */
import { partsOfPermission } from '../../../src/protocol/permission-detail.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Fields that are never ours, wherever they stand: words of people and models, code, paths, command lines, names, results of programs. */
const THEIRS: ReadonlySet<string> = new Set(
  `goal asked said summary description acceptance body reasoning question choice asker answer sources key
   workspace model name id role roles agent endpoint task tasks depends_on from to by who with version digest
   path paths file files otherFiles folder command tool args result lines otherLines
   tests newlyFailing newlyPassing stillFailing removed newlySkipped added expected actual severity`.split(
    /\s+/u,
  ),
);

/** The editor says these in the person's language itself. */
const TOLD_BY_HOST: ReadonlySet<unknown> = new Set(['obstacle', 'error']);

/** What the run itself asks has a detail. */
const isAgents = ({ kind, detail }: Fields): boolean => kind === 'question' && detail === undefined;

/** Whether a text that stands in a field of `of` is theirs; `within`: the name of the field that `of` stands in. */
function isTheirs(field: string, of: Fields, within: string): boolean {
  const { kind } = of;
  switch (field) {
    case 'text':
      return kind !== 'note' && kind !== 'consensus' && of['tone'] === undefined && of['silent'] !== true;
    case 'title':
      return kind === undefined || isAgents(of);
    case 'detail':
      return kind === 'plan' || isAgents(of);
    case 'options':
      return isAgents(of);
    case 'decided':
      return kind === 'consensus';
    case 'message':
      return of['id'] !== undefined;
    case 'reason':
      return of['path'] !== undefined && of['rule'] === undefined;
    case 'rule':
      return true;
    case 'label':
      return within === 'action';
    default:
      return THEIRS.has(field);
  }
}

/** Every such text, as a page may show it: a role is written large. */
export function writtenIn(messages: unknown): string {
  const texts: string[] = [];
  const add = (field: string, value: unknown): void => {
    texts.push(String(value));
    if (['role', 'to', 'from', 'agent', 'name', 'roles', 'by', 'asker'].includes(field))
      texts.push(capital(String(value)));
  };
  const visit = (value: unknown, field: string, of: Fields, within: string): void => {
    if (Array.isArray(value)) for (const each of value) visit(each, field, of, within);
    else if (typeof value === 'object' && value !== null)
      for (const [name, each] of Object.entries(value)) visit(each, name, value as Fields, field);
    else if (typeof value !== 'string' || TOLD_BY_HOST.has(of['type']) || TOLD_BY_HOST.has(within))
      add(field, value);
    else if (field === 'detail' && of['kind'] === 'permission') add(field, partsOfPermission(value).what);
    else if (isTheirs(field, of, within)) add(field, value);
  };
  visit(messages, '', {}, '');
  return texts.join('\n');
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
