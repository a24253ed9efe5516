/** Which pages agents may open in a browser, and what those may ask for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeLocalUrl, staysLocal } from '../../../../src/core/policy/local-urls.ts';

for (const [text, url] of [
  ['http://localhost', 'http://localhost/'],
  ['http://localhost:3000/a?b#c', 'http://localhost:3000/a?b#c'],
  ['http://127.0.0.1:8080/', 'http://127.0.0.1:8080/'],
  ['http://[::1]:5173/x', 'http://[::1]:5173/x'],
  ['https://localhost:8443/', 'https://localhost:8443/'],
] as const)
  test(`${text} may be opened`, () => {
    const judged = judgeLocalUrl(text);
    assert.equal(judged.ok && judged.url, url);
  });

for (const text of [
  ...['http://example.com/', 'http://localhost.example.com/', 'http://localhost@example.com/'],
  ...['http://example.com#http://localhost', 'http://user@localhost/', 'http://user:pw@127.0.0.1/'],
  ...['file:///etc/passwd', 'chrome://version', 'javascript:alert(1)', 'data:text/html,x', 'about:blank'],
  ...['http://127.0.0.2/', 'http://127.1/', 'http://2130706433/', 'http://0x7f.1/', 'http://0.0.0.0:3000/'],
  ...['http://[::ffff:127.0.0.1]/', 'http://[::]/', 'http://169.254.169.254/', 'http://10.0.0.1/'],
  ...[
    'http://localhost.:3000/',
    'http://LOCALHOST/',
    'http://foo.localhost/',
    'http:\\\\localhost\\',
    ' http://localhost/',
  ],
  ...[
    'http://localhost\u0000.example.com/',
    'http://ⓛocalhost/',
    'http:///localhost',
    'http:localhost',
    'localhost:3000',
  ],
  ...[
    'http://localhost:99999/',
    'http://localhost:80:80/',
    'http://local%68ost/',
    'ftp://localhost/',
    'ws://localhost/',
  ],
  `http://localhost/${'x'.repeat(2000)}`,
])
  test(`${text.slice(0, 60)} may not`, () => {
    assert.equal(judgeLocalUrl(text).ok, false);
  });

for (const [url, may] of [
  ['http://localhost:1/x', true],
  ['https://[::1]/', true],
  ['ws://127.0.0.1:9/hot', true],
  ['data:image/png;base64,AA', true],
  ['blob:http://localhost:3000/1', true],
  ['http://example.com/x.js', false],
  ['http://localhost.example.com/', false],
  ['http://user@example.com/', false],
  ['wss://example.com/', false],
  ['http://127.0.0.2/', false],
  ['http://192.168.0.1/', false],
  ['file:///etc/passwd', false],
  ['chrome://settings/', false],
  ['filesystem:http://localhost/temporary/x', false],
  ['nothing', false],
] as const)
  test(`a page ${may ? 'may' : 'may not'} ask for ${url}`, () => {
    assert.equal(staysLocal(url), may);
  });
