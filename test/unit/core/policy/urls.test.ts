/** Addresses that agents ask for, in every spelling that leads another reader somewhere else. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { isPublicAddress } from '../../../../src/core/policy/addresses.ts';
import { judgeUrl, problemOfDomain } from '../../../../src/core/policy/urls.ts';

const DOMAINS = [
  'example.com',
  '*.docs.example.org',
  'http://plain.example.net',
  'ports.example.net:8443',
  'xn--bcher-kva.example',
  '*.xn--bcher-kva.example',
  // Entries that must allow nothing.
  '*',
  '*.com',
  '',
  'localhost',
  '127.0.0.1',
  'evil.*',
  '.example.edu',
  'example.edu.',
  '*.*.example.edu',
  'user@example.edu',
];

describe('allowed', () => {
  const allowed = [
    ['https://example.com', 'https://example.com/'],
    ['https://EXAMPLE.com/a?b=c#d', 'https://example.com/a?b=c'],
    ['https://example.com:443/', 'https://example.com/'],
    ['https://a.docs.example.org/x', 'https://a.docs.example.org/x'],
    ['https://a.b.docs.example.org/', 'https://a.b.docs.example.org/'],
    ['http://plain.example.net/', 'http://plain.example.net/'],
    ['https://ports.example.net:8443/', 'https://ports.example.net:8443/'],
    ['https://xn--bcher-kva.example/', 'https://xn--bcher-kva.example/'],
    ['https://example.com/%00%0d%0a', 'https://example.com/%00%0d%0a'],
    ['https://example.com/../../etc', 'https://example.com/etc'],
    ['https://example.com/@evil.net/', 'https://example.com/@evil.net/'],
  ] as const;
  for (const [asked, url] of allowed)
    test(asked, () => assert.deepEqual(judgeUrl(asked, DOMAINS), { ok: true, url, host: new URL(url).host }));
});

describe('refused', () => {
  const refused = [
    // Suffix, prefix and neighbours of what is listed.
    'https://evil-example.com/',
    'https://example.com.evil.net/',
    'https://www.example.com/',
    'https://example.co/',
    'https://docs.example.org/',
    'https://evildocs.example.org/',
    'https://example.com-evil.net/',
    'https://example.edu/',
    'https://a.example.edu/',
    'https://google.com/',
    // Another scheme or port.
    'http://example.com/',
    'https://example.com:8080/',
    'https://example.com:444/',
    'https://plain.example.net/',
    'https://ports.example.net/',
    'ftp://example.com/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:text/html,x',
    'gopher://example.com/',
    'ws://example.com/',
    'command:workbench.action.quit',
    '//example.com/',
    'example.com',
    '',
    // Users, passwords, and what looks like a host.
    'https://example.com@evil.net/',
    'https://example.com:443@evil.net/',
    'https://user:pass@example.com/',
    'https://@example.com/',
    'https://example.com%40evil.net/',
    'https://evil.net#@example.com/',
    'https://evil.net?@example.com/',
    'https://evil.net\\@example.com/',
    'https://example.com\\.evil.net/',
    'https:\\\\example.com\\',
    'https:/example.com/',
    'https:example.com/',
    'https:///example.com/',
    // Characters that readers drop, map or stop at.
    'https://example.com\u0000.evil.net/',
    'https://evil.net\u0000.example.com/',
    'https://example.com%00.evil.net/',
    'https://example.com./',
    'https://example.com../',
    'https://.example.com/',
    'https://example..com/',
    'https://exam\tple.com/',
    'https://exam\nple.com/',
    ' https://example.com/',
    'https://example.com /',
    'https://example.com\u3002evil.net/',
    'https://example\uff0ecom/',
    'https://\uff45xample.com/',
    'https://ex\u00adample.com/',
    'https://ex\u200bample.com/',
    'https://\u0435xample.com/',
    'https://b\u00fccher.example/',
    'https://xn--xample-9uf.com/',
    'https://xn--bcher-kva.docs.example.org/',
    'https://example.com/\u202egnp.exe',
    'https://%65xample.com/',
    'https://exa_mple.com/',
    'https://-example.com/',
    // This machine and network, however it is written.
    'https://localhost/',
    'https://a.localhost/',
    'https://LOCALHOST/',
    'https://printer/',
    'https://printer.local/',
    'https://db.internal/',
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0x7f.0.0.1/',
    'https://0177.0.0.1/',
    'https://017700000001/',
    'https://127.0.0.0x1/',
    'https://0/',
    'https://0.0.0.0/',
    'https://10.0.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://1.1.1.1/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[0:0:0:0:0:ffff:7f00:1]/',
    'https://[fe80::1%25eth0]/',
    'https://[2606:4700:4700::1111]/',
    'https://127.0.0.1.nip.io/',
    'https://example.com:99999/',
    'https://example.com:/',
    `https://example.com/${'a'.repeat(2100)}`,
    `https://${'a.'.repeat(200)}example.com/`,
  ];
  for (const url of refused)
    test(JSON.stringify(url.slice(0, 70)), () => assert.equal(judgeUrl(url, DOMAINS).ok, false));
});

test('whatever is put before, into or behind a listed host leads to no other host', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 12 }), fc.nat(24), (odd, at) => {
      const plain = 'https://example.com/page';
      const asked = plain.slice(0, at) + odd + plain.slice(at);
      const judged = judgeUrl(asked, ['example.com']);
      if (judged.ok) assert.equal(new URL(judged.url).host, 'example.com', asked);
    }),
    { numRuns: 5000 },
  );
});

describe('entries of the list', () => {
  for (const domain of ['example.com', '*.example.com', 'http://a.example.com:8080', ' Example.com '])
    test(`${domain} is fine`, () => assert.equal(problemOfDomain(domain), undefined));
  for (const domain of [
    '',
    '*',
    '*.com',
    'com',
    'localhost',
    '10.0.0.1',
    'example.com/path',
    'ftp://example.com',
    'a@b.com',
    'ex*mple.com',
    '[::1]',
  ])
    test(`${JSON.stringify(domain)} is not`, () => assert.equal(typeof problemOfDomain(domain), 'string'));
});

describe('addresses', () => {
  const publics = [
    '1.1.1.1',
    '8.8.8.8',
    '93.184.216.34',
    '172.15.255.255',
    '172.32.0.1',
    '100.63.0.1',
    '100.128.0.1',
    '2606:4700:4700::1111',
    '2a00:1450:4001:830::200e',
  ];
  for (const address of publics)
    test(`${address} is public`, () => assert.equal(isPublicAddress(address), true));
  const others = [
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '100.127.255.255',
    '127.0.0.1',
    '127.255.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.1',
    '192.0.2.1',
    '192.168.1.1',
    '198.18.0.1',
    '198.19.255.255',
    '198.51.100.1',
    '203.0.113.9',
    '224.0.0.1',
    '239.1.1.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:1.1.1.1',
    '::ffff:7f00:1',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '100::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '3fff::1',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    '4000::1',
    '127.1',
    '0x7f.0.0.1',
    '0177.0.0.1',
    '2130706433',
    '1.1.1.1.',
    ' 1.1.1.1',
    '1.1.1',
    '1.1.1.256',
    '01.1.1.1',
    '',
    'example.com',
    '1::2::3',
    '2606:4700',
    'g::1',
    '2606:4700:4700:0:0:0:0:0:1',
  ];
  for (const address of others)
    test(`${JSON.stringify(address)} is not`, () => assert.equal(isPublicAddress(address), false));
});
