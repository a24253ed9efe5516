/** How much of a budget is used. */

/** Share of a limit from which on its end comes near. */
export const NEAR = 0.8;

/** 1 is all of it; undefined where there is no limit. */
export const shareOf = (used: number, limit: number | undefined): number | undefined =>
  limit === undefined ? undefined : used / limit;
