/** JSON among other output. */

/** The last whole JSON object that holds `mark`; `null` where `mark` is there and no whole object around it. */
export function lastJson(text: string, mark: string): unknown {
  const at = text.lastIndexOf(mark);
  if (at < 0) return undefined;
  const whole = parsed(text);
  if (whole !== undefined) return whole;
  const end = text.lastIndexOf('}');
  const starts = [...text.slice(0, at).matchAll(/^\{/gm)].map((match) => match.index);
  for (const start of starts.slice(-TRIES_MAX).reverse()) {
    const value = parsed(text.slice(start, end + 1));
    if (value !== undefined) return value;
  }
  return null;
}

/** An object begins at the start of a line; so many are tried, nearest first. */
const TRIES_MAX = 20;

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
