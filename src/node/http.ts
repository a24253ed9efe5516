/** Requests of agents. The name is resolved here, every address is checked, and the connection goes to the checked one: a name that leads elsewhere a moment later leads nowhere. */
import { lookup } from 'node:dns/promises';
import { request as overHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as overHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { promisify } from 'node:util';
import { brotliDecompress, unzip } from 'node:zlib';
import { isPublicAddress } from '../core/policy/addresses.ts';
import { PortError, type Http, type HttpReply, type HttpRequest } from '../core/ports.ts';

export interface HttpOptions {
  /** Addresses of a host; default: the system's. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
  /** Which addresses may be connected to; default: those of the public internet. */
  readonly reachable?: (address: string) => boolean;
}

export function createHttp({
  resolve = systemAddresses,
  reachable = isPublicAddress,
}: HttpOptions = {}): Http {
  return {
    async exchange(request, signal) {
      const url = new URL(request.url);
      const limit = AbortSignal.any([signal, AbortSignal.timeout(request.timeoutMs)]);
      try {
        const host = url.hostname.replace(/^\[|\]$/gu, '');
        const address = await checked(host, request.own === true ? () => true : reachable, resolve);
        return await exchange(url, address, request, limit);
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof PortError) throw error;
        const seconds = String(request.timeoutMs / 1000);
        throw new PortError(
          'http.failed',
          limit.aborted
            ? `${url.host} took longer than ${seconds} seconds.`
            : `${url.host} cannot be reached: ${reasonOf(error)}.`,
        );
      }
    },
  };
}

async function systemAddresses(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true, order: 'verbatim' })).map(({ address }) => address);
}

const reasonOf = (error: unknown): string =>
  error instanceof Error
    ? 'code' in error && typeof error.code === 'string'
      ? error.code
      : error.message
    : String(error);

/** One private address among many makes the name untrustworthy as a whole. */
async function checked(
  host: string,
  reachable: (address: string) => boolean,
  resolve: (host: string) => Promise<readonly string[]>,
): Promise<string> {
  const addresses = isIP(host) > 0 ? [host] : await resolve(host);
  const bad = addresses.find((address) => !reachable(address));
  if (bad !== undefined)
    throw new PortError(
      'http.private',
      `${host} leads to ${bad}, which is not an address of the public internet.`,
    );
  const [first] = addresses;
  if (first === undefined) throw new PortError('http.failed', `${host} has no address.`);
  return first;
}

function exchange(url: URL, address: string, request: HttpRequest, signal: AbortSignal): Promise<HttpReply> {
  const toChecked: LookupFunction = (_host, options, done) => {
    const family = isIP(address);
    if (options.all === true) done(null, [{ address, family }]);
    else done(null, address, family);
  };
  const options: RequestOptions = {
    method: request.method,
    headers: {
      'accept-encoding': 'gzip, deflate, br',
      'user-agent': 'Quartet',
      ...request.headers,
      ...(request.body !== undefined && { 'content-length': String(Buffer.byteLength(request.body)) }),
    },
    agent: false,
    lookup: toChecked,
    signal,
    maxHeaderSize: 32_768,
  };
  return new Promise((resolve, reject) => {
    const open = url.protocol === 'https:' ? overHttps : overHttp;
    const outgoing = open(url, options, (incoming) => {
      replyOf(incoming, request.bytesMax)
        .then(resolve, reject)
        .finally(() => outgoing.destroy());
    });
    outgoing.on('error', reject);
    outgoing.end(request.body);
  });
}

async function replyOf(incoming: IncomingMessage, bytesMax: number): Promise<HttpReply> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > bytesMax) break;
  }
  const cut = bytes > bytesMax;
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
  const packed = Buffer.concat(chunks);
  const body = await unpacked(packed, { encoding: headers['content-encoding'], bytesMax, cut });
  return { status: incoming.statusCode ?? 0, headers, body: body.subarray(0, bytesMax), cut };
}

const UNPACK = { unzip: promisify(unzip), brotli: promisify(brotliDecompress) };

async function unpacked(
  body: Buffer,
  { encoding = 'identity', bytesMax, cut }: { encoding: string | undefined; bytesMax: number; cut: boolean },
): Promise<Buffer> {
  const name = encoding.trim().toLowerCase();
  if (name === 'identity' || name === '' || body.length === 0) return body;
  const limits = { maxOutputLength: bytesMax };
  if (cut) throw new PortError('http.failed', 'The reply is too long to be unpacked.');
  const how =
    name === 'br' ? UNPACK.brotli : /^(?:x-)?gzip$|^deflate$/u.test(name) ? UNPACK.unzip : undefined;
  if (!how)
    throw new PortError('http.failed', `The reply is packed as ${name.slice(0, 40)}, which is not read.`);
  return how(body, limits).catch((error: unknown) => {
    throw new PortError(
      'http.failed',
      `The reply cannot be unpacked within ${String(bytesMax)} bytes: ${reasonOf(error)}.`,
    );
  });
}
