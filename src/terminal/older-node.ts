/** What Node 20 lacks of what the house uses: the terminal door runs on it as well. Imported for its effect, before anything is done. */

/** As newer ones have it: null where the text is no address. */
const parse = (text: string | URL, base?: string | URL): URL | null =>
  URL.canParse(text, base) ? new URL(text, base) : null;

const own: { parse?: typeof parse } = URL;
own.parse ??= parse;

export {};
