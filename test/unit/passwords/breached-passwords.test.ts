import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { breachedPasswords } from '../../../src/passwords/breached-passwords.js';

const PASSWORD = 'correct horse battery staple';
const sha1 = (password: string) =>
  createHash('sha1').update(password.normalize('NFC')).digest('hex').toUpperCase();
const suffixOf = (password: string) => sha1(password).slice(5);
const OTHERS = ['0018A45C4D1DEF81644B54AB7F969B88D65:10', '00D4F6E8FA6EECAD2A3AA415EEC418D38EC:2'];

/** A service with the range protocol that records its requests. */
function rangeService() {
  const requests: { url: string; headers: IncomingMessage['headers'] }[] = [];
  let reply: (response: ServerResponse) => void;
  const server = createServer((request, response) => {
    requests.push({ url: request.url!, headers: request.headers });
    reply(response);
  });
  return {
    requests,
    server,
    responses(lines: string[], status = 200) {
      reply = (response) => response.writeHead(status).end(lines.join('\r\n'));
    },
    neverResponds() {
      reply = () => {};
    },
    stopsHalfway() {
      reply = (response) => {
        response.writeHead(200, { 'content-length': '1000' }).write('00');
        setImmediate(() => response.destroy());
      };
    },
  };
}

describe('the list of leaked passwords', () => {
  let service: ReturnType<typeof rangeService>;
  let url: string;
  let warned: unknown[];

  beforeEach(async () => {
    service = rangeService();
    service.server.listen(0, '127.0.0.1');
    await once(service.server, 'listening');
    url = `http://127.0.0.1:${(service.server.address() as AddressInfo).port}/range/`;
    warned = [];
    jest.spyOn(Logger.prototype, 'warn').mockImplementation((line) => warned.push(line));
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    service.server.closeAllConnections();
    service.server.close();
    await once(service.server, 'close');
  });

  const isBreached = (password: string, timeoutMs = 5000) =>
    breachedPasswords({ url, timeoutMs })(password);

  it('contains a leaked password', async () => {
    service.responses([...OTHERS, `${suffixOf(PASSWORD)}:4242`]);
    expect(await isBreached(PASSWORD)).toBe(true);
  });

  it('does not contain another one', async () => {
    service.responses(OTHERS);
    expect(await isBreached(PASSWORD)).toBe(false);
  });

  it('may contain padding lines, which count nothing', async () => {
    service.responses([...OTHERS, `${suffixOf(PASSWORD)}:0`]);
    expect(await isBreached(PASSWORD)).toBe(false);
  });

  it('may use either line ending', async () => {
    service.responses([[...OTHERS, `${suffixOf(PASSWORD)}:1`].join('\n')]);
    expect(await isBreached(PASSWORD)).toBe(true);
  });

  it('receives only five digits of the hash, and a request for padding', async () => {
    service.responses(OTHERS);
    await isBreached(PASSWORD);
    expect(service.requests).toHaveLength(1);
    const [{ url: path, headers }] = service.requests as [(typeof service.requests)[0]];
    expect(path).toBe(`/range/${sha1(PASSWORD).slice(0, 5)}`);
    expect(headers['add-padding']).toBe('true');
    expect(JSON.stringify(headers)).not.toContain(suffixOf(PASSWORD));
  });

  it('is queried for the password as it would be hashed', async () => {
    const composed = 'caf\u00e9 au lait, s\u2019il vous pla\u00eet';
    service.responses([`${suffixOf(composed)}:1`]);
    expect(await isBreached(composed.normalize('NFD'))).toBe(true);
  });

  it.each<[string, () => void]>([
    ['doesn’t respond', () => service.neverResponds()],
    ['responds 500', () => service.responses([`${suffixOf(PASSWORD)}:1`], 500)],
    ['responds 429', () => service.responses([`${suffixOf(PASSWORD)}:1`], 429)],
    ['stops halfway', () => service.stopsHalfway()],
    ['responds with nonsense', () => service.responses(['<html>', `${suffixOf(PASSWORD)}`])],
  ])('keeps nobody out when it %s', async (_what, fails) => {
    fails();
    expect(await isBreached(PASSWORD, 300)).toBe(false);
  });

  it('is logged as unreachable, without the password or its hash', async () => {
    service.neverResponds();
    await isBreached(PASSWORD, 50);
    expect(warned).toEqual([
      expect.stringMatching(/^The list of leaked passwords can't be asked: /),
    ]);
    expect(String(warned[0])).not.toContain(PASSWORD);
    expect(String(warned[0])).not.toContain(sha1(PASSWORD).slice(0, 5));
  });
});
