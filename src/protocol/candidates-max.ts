/** Coders that one task may be given to. Apart from the schemas: a page asks for it, and pages have none of them. */
export const CANDIDATES_MAX = 5;
