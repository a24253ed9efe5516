/** Reads XML as test reports need it: whole or not at all, nothing expanded, nothing fetched. */
import { XMLParser } from 'fast-xml-parser';
import { isWholeXml } from './xml-form.ts';

export type Xml = Readonly<Record<string, unknown>>;

const ATTRIBUTE = '@';
const TEXT = '#text';
const LISTS = new Set('testsuite testcase failure error skipped UnitTestResult UnitTest RunInfo'.split(' '));

/** Entities are decoded here, five and the numeric ones: no document type, no expansion, nothing fetched. */
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: ATTRIBUTE,
  textNodeName: TEXT,
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  trimValues: false,
  isArray: (name) => LISTS.has(name),
});

/** The root as an object of elements; `undefined` where the text is not one whole element. */
export function parseXml(xml: string): Xml | undefined {
  if (!isWholeXml(xml)) return undefined;
  try {
    const root: unknown = parser.parse(xml);
    return isXml(root) ? root : undefined;
  } catch {
    return undefined;
  }
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
  const value = node[TEXT] ?? node['__cdata'];
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
