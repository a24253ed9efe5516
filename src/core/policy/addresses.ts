/** Which network addresses belong to the public internet. Whatever is not known to be public is not. */

/** First address and length of IPv4 ranges that are private, special or reserved (IANA special-purpose registry). */
const SPECIAL_V4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];
/** The only IPv6 range of the public internet, and what in it leads elsewhere: Teredo and its kin, examples, 6to4. */
const GLOBAL_V6: readonly [string, number] = ['2000::', 3];
const SPECIAL_V6: readonly (readonly [string, number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
];

/** True for a plain IPv4 or IPv6 address of the public internet; false for every other text. */
export function isPublicAddress(address: string): boolean {
  const v4 = bitsOfV4(address);
  if (v4 !== undefined) return !SPECIAL_V4.some(([first, length]) => begins(v4, bitsOfV4(first), length));
  const v6 = bitsOfV6(address);
  if (v6 === undefined || !begins(v6, bitsOfV6(GLOBAL_V6[0]), GLOBAL_V6[1])) return false;
  return !SPECIAL_V6.some(([first, length]) => begins(v6, bitsOfV6(first), length));
}

const begins = (bits: string, range: string | undefined, length: number): boolean =>
  range !== undefined && bits.slice(0, length) === range.slice(0, length);

const binary = (value: number, digits: number): string => value.toString(2).padStart(digits, '0');

function bitsOfV4(text: string): string | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/u.test(part) && Number(part) < 256))
    return undefined;
  return parts.map((part) => binary(Number(part), 8)).join('');
}

/** Without zone, and without an IPv4 address in its end: such addresses are never public. */
function bitsOfV6(text: string): string | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const groups = [...head, ...tail];
  const missing = 8 - groups.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/iu.test(group))) return undefined;
  return [...head, ...Array.from({ length: missing }, () => '0'), ...tail]
    .map((group) => binary(Number.parseInt(group, 16), 16))
    .join('');
}
