/** The lines of TAP: test points with their YAML blocks, plans, bail-outs, and the counts some producers add. */

/** Keys of a YAML block, at most two levels deep (`at.lineNumber`). Deeper values are kept as text. */
export type TapFields = ReadonlyMap<string, string>;

export interface TapPoint {
  readonly depth: number;
  readonly ok: boolean;
  readonly name: string;
  readonly directive: 'skip' | 'todo' | undefined;
  readonly fields: TapFields;
}

export interface TapLines {
  readonly points: readonly TapPoint[];
  /** Counts of the plan lines of the outermost level. */
  readonly plans: readonly number[];
  readonly bailedOut: string | undefined;
  /** `# pass 3` and the like, the last of each name. */
  readonly counts: ReadonlyMap<string, number>;
}

const POINT = /^( *)(not ok|ok)\b(?: +(\d+))?(?: +-)?(?: +(.*))?$/;
const DIRECTIVE = /(?:^|\s)#\s*(skip|todo)\S*(?:\s.*)?$/i;

/** Lines that are no TAP are passed over: programs print among it. */
export function readTapLines(text: string): TapLines {
  const lines = text.split('\n');
  const points: TapPoint[] = [];
  const plans: number[] = [];
  const counts = new Map<string, number>();
  let bailedOut: string | undefined;
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const point = POINT.exec(line);
    if (point !== null) {
      const block = yamlAfter(lines, at);
      points.push(pointOf(point, block.fields));
      at = block.last;
      continue;
    }
    const plan = /^1\.\.(\d+)\b/.exec(line);
    if (plan !== null) plans.push(Number(plan[1]));
    const count = /^# (tests|pass|fail|cancelled|skipped|todo|duration_ms) +([\d.]+)$/.exec(line);
    if (count !== null) counts.set(count[1] ?? '', Number(count[2]));
    bailedOut ??= /^ *Bail out!(.*)$/.exec(line)?.[1]?.trim();
  }
  return { points, plans, bailedOut, counts };
}

function pointOf(match: RegExpExecArray, fields: TapFields): TapPoint {
  const [, indent = '', verdict, , rest = ''] = match;
  const bare = rest.replace(/\s*\{\s*$/, '').replace(/\s+# time=\S+$/, '');
  const directive = DIRECTIVE.exec(bare);
  const name = directive === null ? bare : bare.slice(0, directive.index);
  return {
    depth: Math.floor(indent.length / 4),
    ok: verdict === 'ok',
    name: name.replace(/\\([#\\])/g, '$1').trim(),
    directive: directive === null ? undefined : directive[1]?.toLowerCase() === 'todo' ? 'todo' : 'skip',
    fields,
  };
}

/** The block between `---` and `...` right after a line; without an end it is none. */
function yamlAfter(
  lines: readonly string[],
  at: number,
): { readonly fields: TapFields; readonly last: number } {
  const open = /^( +)---$/.exec(lines[at + 1] ?? '');
  if (open === null) return { fields: new Map(), last: at };
  const indent = open[1] ?? '';
  const end = lines.indexOf(`${indent}...`, at + 2);
  if (end < 0) return { fields: new Map(), last: at };
  const body = lines.slice(at + 2, end).map((line) => line.slice(indent.length));
  return { fields: fieldsOf(body), last: end };
}

function fieldsOf(body: readonly string[]): TapFields {
  const fields = new Map<string, string>();
  let key = '';
  for (const line of body) {
    const top = /^([\w$-]+):(?: (.*))?$/.exec(line);
    if (top !== null) {
      key = top[1] ?? '';
      fields.set(key, scalar(top[2] ?? ''));
      continue;
    }
    const inner = /^ {2}(\w+): (.+)$/.exec(line);
    if (inner !== null && !fields.has(`${key}.${inner[1] ?? ''}`)) {
      fields.set(`${key}.${inner[1] ?? ''}`, scalar(inner[2] ?? ''));
    }
    const before = fields.get(key) ?? '';
    fields.set(key, before === '' ? line.trim() : `${before}\n${line.slice(2)}`);
  }
  return fields;
}

/** Quotes and block marks off. */
function scalar(text: string): string {
  if (/^[|>][-+]?$/.test(text)) return '';
  const quoted = /^'(.*)'$|^"(.*)"$/s.exec(text);
  return quoted === null ? text : (quoted[1] ?? quoted[2] ?? '').replace(/\\(['"\\])/g, '$1');
}
