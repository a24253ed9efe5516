/** Who speaks where the output of a run's tests is shown. */
export const testsLabel = (run: string): string => `tests of ${run}`;
