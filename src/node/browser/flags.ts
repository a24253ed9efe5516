/** How the browser is started: alone, quiet, and with no way off this machine, whatever a page tries. Pure. */

export interface FlagsFor {
  /** Absolute path of the folder of its profile. */
  readonly profile: string;
  /** Something else holds it already, or its own sandbox cannot start because root runs it. */
  readonly ownSandbox: boolean;
}

/** Size of the window, in pixels. */
const WINDOW = { width: 1280, height: 800 } as const;

export function browserFlags({ profile, ownSandbox }: FlagsFor): readonly string[] {
  return [
    ...['--headless', '--remote-debugging-pipe', `--user-data-dir=${profile}`],
    ...(ownSandbox ? [] : ['--no-sandbox']),
    // Everything but this machine goes to a proxy that does not exist, and no other name has an address. Both hold for what no
    // protocol of ours sees: sockets, workers, look-ups before a request, the browser's own errands.
    ...['--proxy-server=http://proxy.invalid:1', '--proxy-bypass-list=<-loopback>;localhost;127.0.0.1;[::1]'],
    '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1 , EXCLUDE [::1]',
    ...['--force-webrtc-ip-handling-policy', '--webrtc-ip-handling-policy=disable_non_proxied_udp'],
    ...['--disable-quic', '--dns-prefetch-disable', '--disable-background-networking', '--no-pings'],
    ...[
      '--disable-component-update',
      '--disable-domain-reliability',
      '--disable-sync',
      '--disable-extensions',
    ],
    ...[
      '--disable-default-apps',
      '--disable-breakpad',
      '--disable-crash-reporter',
      '--metrics-recording-only',
    ],
    ...['--no-first-run', '--no-default-browser-check', '--disable-client-side-phishing-detection'],
    ...[
      '--password-store=basic',
      '--use-mock-keychain',
      '--mute-audio',
      '--disable-gpu',
      '--hide-scrollbars',
    ],
    ...[`--window-size=${WINDOW.width},${WINDOW.height}`, 'about:blank'],
  ];
}
