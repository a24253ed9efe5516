/** The profile for macOS’ own sandbox (`sandbox-exec`). Everything is denied that does not stand here. Pure. */

export interface SeatbeltSpec {
  /** Absolute, real paths. */
  readonly readable: readonly string[];
  readonly writable: readonly string[];
  /** Below what is readable, and yet not. */
  readonly hidden: readonly string[];
  /** Below what is hidden, and yet readable. */
  readonly lent: readonly string[];
  readonly network: 'none' | 'loopback' | 'open';
}

/** Services without which programs do not even start: users, time zones, logging, certificates. */
const SERVICES = [
  'com.apple.system.opendirectoryd.libinfo',
  'com.apple.system.opendirectoryd.membership',
  'com.apple.system.notification_center',
  'com.apple.system.logger',
  'com.apple.logd',
  'com.apple.bsd.dirhelper',
];
/** Services of those that use the network. */
const NETWORK_SERVICES = [
  'com.apple.SystemConfiguration.configd',
  'com.apple.SystemConfiguration.DNSConfiguration',
  'com.apple.dnssd.service',
  'com.apple.trustd.agent',
  'com.apple.networkd',
];
const DEVICES = ['/dev/null', '/dev/zero', '/dev/dtracehelper', '/dev/tty', '/dev/stdout', '/dev/stderr'];

export function seatbeltProfile({ readable, writable, hidden, lent, network }: SeatbeltSpec): string {
  return [
    '(version 1)',
    '(deny default)',
    '(allow process-exec process-fork)',
    '(allow signal process-info* (target same-sandbox))',
    '(allow sysctl-read user-preference-read ipc-posix-sem ipc-posix-shm-read*)',
    '(allow mach-lookup',
    ...SERVICES.map((name) => `  (global-name ${quoted(name)})`),
    ')',
    // Programs look at every folder on the way to a file.
    '(allow file-read-metadata)',
    '(allow file-read* (literal "/"))',
    rule('allow', 'file-read*', readable),
    // The last rule that fits counts.
    rule('deny', 'file-read*', hidden),
    rule('allow', 'file-read*', lent),
    rule('allow', 'file-read* file-write*', writable),
    `(allow file-read* file-write-data file-ioctl ${DEVICES.map((path) => `(literal ${quoted(path)})`).join(' ')})`,
    '(allow file-read* file-write* (subpath "/dev/fd"))',
    ...networkRules(network, writable),
    '',
  ]
    .filter((line, index, all) => line !== '' || index === all.length - 1)
    .join('\n');
}

const rule = (verb: 'allow' | 'deny', what: string, paths: readonly string[]): string =>
  paths.length === 0 ? '' : `(${verb} ${what} ${paths.map((path) => `(subpath ${quoted(path)})`).join(' ')})`;

function networkRules(network: SeatbeltSpec['network'], writable: readonly string[]): readonly string[] {
  if (network === 'none') return [];
  const sockets = writable.map((path) => `(subpath ${quoted(path)})`).join(' ');
  if (network === 'loopback') {
    return [
      '(allow system-socket)',
      '(allow network-bind network-inbound (local ip "localhost:*"))',
      '(allow network-outbound (remote ip "localhost:*"))',
      `(allow network-bind network-outbound ${sockets})`,
    ];
  }
  return [
    '(allow system-socket network*)',
    `(allow mach-lookup ${NETWORK_SERVICES.map((name) => `(global-name ${quoted(name)})`).join(' ')})`,
  ];
}

/** A string of the profile’s language. */
const quoted = (text: string): string => `"${text.replace(/[\\"]/gu, '\\$&')}"`;
