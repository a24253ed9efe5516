/** Thrown for what cannot be understood; exit code 2. */
export class UsageError extends Error {}
