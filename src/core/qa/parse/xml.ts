/** Reads XML as test reports need it: whole or not at all, nothing expanded, nothing fetched. */
import { Parser } from 'htmlparser2';
import { isWholeXml } from './xml-form.ts';

export type Xml = Readonly<Record<string, unknown>>;

const ATTRIBUTE = '@';
const TEXT = '#text';
const LISTS = new Set('testsuite testcase failure error skipped UnitTestResult UnitTest RunInfo'.split(' '));

/** Deeper is no report of tests. */
const DEPTH_MAX = 100;

interface Element {
  readonly name: string;
  readonly members: Record<string, unknown>;
  text: string;
}

/** The root as an object of elements; `undefined` where the text is not one whole element. */
export function parseXml(xml: string): Xml | undefined {
  if (!isWholeXml(xml)) return undefined;
  const document = element('', {});
  const open = [document];
  let deepest = 0;
  // Entities are decoded here, five and the numeric ones: no document type, no expansion, nothing fetched.
  const parser = new Parser(
    {
      onopentag: (name, attributes) => {
        deepest = Math.max(deepest, open.length);
        open.push(element(name, attributes));
      },
      ontext: (text) => {
        const last = open.at(-1);
        if (last) last.text += text;
      },
      onclosetag: () => {
        const closed = open.pop();
        const parent = open.at(-1);
        if (closed && parent) add(parent.members, closed);
      },
    },
    { xmlMode: true, decodeEntities: false },
  );
  parser.end(xml);
  return deepest > DEPTH_MAX ? undefined : document.members;
}

function element(name: string, attributes: Readonly<Record<string, string>>): Element {
  // Names come from the report: none of them may mean anything to objects.
  const members = Object.create(null) as Record<string, unknown>;
  for (const [key, value] of Object.entries(attributes)) members[ATTRIBUTE + key] = value;
  return { name, members, text: '' };
}

/** What holds text alone is that text; what stands several times is a list. */
function add(parent: Record<string, unknown>, { name, members, text }: Element): void {
  if (text !== '') members[TEXT] = text;
  const isText = Object.keys(members).every((key) => key === TEXT);
  const value = isText ? text : members;
  const former = parent[name];
  if (Array.isArray(former)) former.push(value);
  else if (former !== undefined) parent[name] = [former, value];
  else parent[name] = LISTS.has(name) ? [value] : value;
}

export function listOf(node: Xml, name: string): readonly Xml[] {
  const value = node[name];
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  return list.map((each) => (isXml(each) ? each : { [TEXT]: each }));
}

export function isXml(value: unknown): value is Xml {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function attribute(node: Xml, name: string): string | undefined {
  const value = node[ATTRIBUTE + name];
  return typeof value === 'string' ? decoded(value) : undefined;
}

export function textOf(node: Xml): string {
  const value = node[TEXT];
  return typeof value === 'string' ? decoded(value) : '';
}

export function numberOf(node: Xml, name: string): number {
  const value = Number(attribute(node, name) ?? 0);
  return Number.isFinite(value) ? value : 0;
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decoded(text: string): string {
  return text.replace(
    /&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w+));/gi,
    (whole, hex, decimal, name: string | undefined) => {
      if (name !== undefined) return NAMED[name] ?? whole;
      const point = hex === undefined ? Number(decimal) : Number.parseInt(String(hex), 16);
      return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
    },
  );
}
