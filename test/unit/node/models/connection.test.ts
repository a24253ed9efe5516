import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { watchingConnection } from '../../../../src/node/models/connection.ts';

const watcher = (told: string[]) => ({
  connecting: () => void told.push('connecting'),
  connected: () => void told.push('connected'),
});

test('connection: told when it begins and when it is made, before any answer, and to its own request only', async () => {
  const [first, second]: [string[], string[]] = [[], []];
  const atRequest: string[][] = [];
  const server = createServer((_request, response) => {
    atRequest.push([...first]);
    response.end('fine');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  try {
    await watchingConnection(watcher(first), async () => (await fetch(url)).text());
    assert.deepEqual(atRequest[0], ['connecting', 'connected']);
    assert.deepEqual(second, []);
    // A connection that is kept alive is there at once, and is told all the same.
    await watchingConnection(watcher(second), async () => (await fetch(url)).text());
    assert.deepEqual(
      [first, second],
      [
        ['connecting', 'connected'],
        ['connecting', 'connected'],
      ],
    );
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test('connection: one that is refused is begun and never made', async () => {
  const gone = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => gone.once('listening', resolve));
  const { port } = gone.address() as AddressInfo;
  await new Promise((resolve) => gone.close(resolve));
  const told: string[] = [];
  await assert.rejects(watchingConnection(watcher(told), () => fetch(`http://127.0.0.1:${port}/`)));
  assert.deepEqual(told, ['connecting']);
});
