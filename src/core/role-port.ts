/** Where the person's own roles come from. */

/** A role file of the person's or the workspace's, as it was found. */
export interface RoleText {
  readonly from: 'person' | 'workspace';
  /** Where it is, in words. */
  readonly path: string;
  readonly text: string;
  /** The person's own always are; a workspace's once the person has approved exactly this text. */
  readonly approved: boolean;
  /** Why it was not looked at, in words for a person; `text` is "" then, and `path` the first of several that were not. */
  readonly unread?: string;
}

/** The person's own roles, and those of the workspace. */
export interface RoleFiles {
  /** The person's first, each kind by name. Files that cannot be read are left out; of those beyond a bound one stands for all. */
  list(): Promise<readonly RoleText[]>;
  /** Approves a workspace's role by the SHA-256 of its text, for this workspace. */
  approve(digest: string): Promise<void>;
  /** Writes a new role file and says where. Errors: `role.exists`. */
  add(to: RoleText['from'], name: string, text: string): Promise<string>;
}
