/** Reading JSON that somebody else wrote and nobody checked. */
export type Loose = Readonly<Record<string, unknown>>;

export const record = (value: unknown): Loose | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Loose) : undefined;

export const list = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? (value as unknown[]) : [];

export const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** A count: finite and not negative. */
export const number = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
