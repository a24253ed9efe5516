/** How `WorkingCopies.merge` marks the sides of a conflict. */
const MARKS = /^(<{7} ours|>{7} theirs)\r?$/mu;

/** True where a side of a conflict is still marked. */
export const hasConflictMarks = (text: string): boolean => MARKS.test(text);
