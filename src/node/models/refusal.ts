/** A refusal by HTTP status, with all of its body: the client library keeps only bodies of OpenAI's own shape. */
export interface Refusal {
  readonly status: number;
  readonly headers: Headers;
  /** The body: parsed JSON, or its text. */
  readonly body: unknown;
}

export class RefusedError extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(`Refused with status ${refusal.status}.`);
    this.name = 'RefusedError';
    this.refusal = refusal;
  }

  /** The refusal behind an exception of the client library. */
  static in(error: unknown): Refusal | undefined {
    for (let each = error; each instanceof Error; each = each.cause) {
      if (each instanceof RefusedError) return each.refusal;
    }
    return undefined;
  }
}

type AnyFetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** A `fetch` that rejects with `RefusedError` where the status is no success. */
export const refuseFailures =
  (fetch: AnyFetch): AnyFetch =>
  async (input, init) => {
    const response = await fetch(input, init);
    if (response.ok) return response;
    const { status, headers } = response;
    throw new RefusedError({ status, headers, body: jsonOr(await response.text().catch(() => '')) });
  };

export function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
