/** What people have between them and a model: a server with a certificate of the company's own, and a proxy that must be used. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';

const folder = join(import.meta.dirname, '..', 'fixtures', 'tls');

/** The file of the authority that signed the server's certificate. */
export const AUTHORITY = join(folder, 'authority.pem');
/** The name that the server's certificate is for. No resolver knows it: only by way of the proxy can it be reached. */
export const HOST = 'models.test';

export interface Listening {
  readonly port: number;
  close(): Promise<void>;
}

/** Speaks TLS in front of the server at `port` of this machine. */
export async function startTls(port: number, files = folder): Promise<Listening> {
  const [key, cert] = ['server.key', 'server.pem'].map((name) => readFileSync(join(files, name)));
  const sockets = new Set<Socket>();
  const server = createTlsServer({ key, cert }, (socket) => {
    const plain = connect(port, '127.0.0.1');
    for (const each of [socket, plain]) {
      sockets.add(each);
      each.on('error', () => each.destroy()).on('close', () => sockets.delete(each));
    }
    socket.pipe(plain).pipe(socket);
    socket.on('close', () => plain.destroy());
    plain.on('close', () => socket.destroy());
  });
  return await listening(server, sockets);
}

export interface Proxy extends Listening {
  readonly url: string;
  /** What it was asked to connect to, as `host:port`. */
  readonly asked: readonly string[];
}

/** A proxy for CONNECT that takes every host for this machine. Other requests it refuses. */
export async function startProxy(): Promise<Proxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((_request, response) => response.writeHead(405).end('Only CONNECT.'));
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('connect', (request, socket: Socket, head) => {
    asked.push(request.url ?? '');
    const port = Number(/:(\d+)$/.exec(request.url ?? '')?.[1]);
    const target = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      target.write(head);
      socket.pipe(target).pipe(socket);
    });
    sockets.add(target);
    for (const each of [socket, target]) each.on('error', () => each.destroy());
    target.on('close', () => (sockets.delete(target), socket.destroy()));
    socket.on('close', () => target.destroy());
  });
  const { port, close } = await listening(server, sockets);
  return { port, close, asked, url: `http://127.0.0.1:${port}` };
}

async function listening(server: Server, sockets: ReadonlySet<Socket>): Promise<Listening> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
