/** What the operating system held a command to: recorded with the command, shown as a badge wherever it shows. */

/** Its schema stands with the events. */
export interface Enforced {
  /** `none`: the command had every right of the person's account. */
  readonly by: 'bubblewrap' | 'seatbelt' | 'none';
  /** `none`: nothing beyond the command itself. `loopback`: servers of this machine. `open`: everything. */
  readonly network: 'none' | 'loopback' | 'open';
  /** Why there is no sandbox. */
  readonly why?: string | undefined;
}

/** A few words for people: `sandboxed: files, network`. */
export function badgeOf({ by, network }: Enforced): string {
  if (by === 'none') return 'not sandboxed';
  const held = { none: 'files, network', loopback: 'files, network but this machine', open: 'files' };
  return `sandboxed: ${held[network]}`;
}

/** A sentence that says what the badge means. */
export function badgeMeans({ by, network, why }: Enforced): string {
  if (by === 'none') {
    const because = why === undefined ? '' : ` ${why}`;
    return `The command had the rights of your account: your files and the network.${because}`;
  }
  const reach = {
    none: 'no network',
    loopback: 'no network but servers of this machine',
    open: 'the whole network',
  };
  return `The operating system (${by}) let the command write in its working copy and a private temporary folder only, hid your home folder, and gave it ${reach[network]}.`;
}

/** True where whatever a command does stays in the working copy. */
export function confines(enforced: Enforced | undefined): boolean {
  return enforced !== undefined && enforced.by !== 'none' && enforced.network === 'none';
}
