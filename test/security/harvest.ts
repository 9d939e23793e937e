import { inspect } from 'node:util';
import type { LoggerService } from '@nestjs/common';
import { HttpClient, type HttpResponse, type HttpRequestOptions } from '../harness/http-client.js';
import { DEVICE_COOKIE } from '../harness/test-app.js';
import { jwtParts } from './jwt-parts.js';

/** Collects the secrets, and all output that others can read. */
export class Harvest implements LoggerService {
  readonly #secrets = new Map<string, string>();
  readonly #output: { where: string; text: string }[] = [];

  keep(what: string, secret: string): void {
    this.#secrets.set(secret, what);
  }

  keepToken(what: string, token: string): void {
    const { segments, claims } = jwtParts(token);
    this.keep(what, token);
    this.keep(`${what}'s signature`, segments[2]);
    this.keep(`${what}'s payload`, segments[1]);
    if (typeof claims.gen === 'number') this.keep(`${what}'s secret`, claims.jti as string);
  }

  read(where: string, ...things: unknown[]): void {
    const text = things
      .map((thing) => (typeof thing === 'string' ? thing : inspect(thing, { depth: 10 })))
      .join(' ');
    this.#output.push({ where, text });
  }

  log = (...things: unknown[]) => this.read('log', ...things);
  error = (...things: unknown[]) => this.read('log', ...things);
  warn = (...things: unknown[]) => this.read('log', ...things);
  debug = (...things: unknown[]) => this.read('log', ...things);
  verbose = (...things: unknown[]) => this.read('log', ...things);
  fatal = (...things: unknown[]) => this.read('log', ...things);

  /** How many texts were read in each kind of output. */
  amounts(): Record<string, number> {
    const amounts: Record<string, number> = {};
    for (const { where } of this.#output) amounts[where] = (amounts[where] ?? 0) + 1;
    return amounts;
  }

  texts(where: string): string[] {
    return this.#output.filter((each) => each.where === where).map(({ text }) => text);
  }

  get size(): number {
    return this.#secrets.size;
  }

  leaks(): string[] {
    return this.#output.flatMap(({ where, text }) =>
      [...this.#secrets]
        .filter(([secret]) => text.includes(secret))
        .map(([, what]) => `${what} in ${where}: ${text.slice(0, 200)}`),
    );
  }
}

/** A client that records its own tokens as secrets, and everything else in responses as output. */
export class HarvestingClient extends HttpClient {
  constructor(
    url: string,
    private readonly harvest: Harvest,
  ) {
    super(url);
  }

  override async request(
    method: string,
    path: string,
    options: HttpRequestOptions,
  ): Promise<HttpResponse> {
    for (const [field, value] of Object.entries((options.body as object | undefined) ?? {})) {
      if (/password/i.test(field)) this.harvest.keep(field, String(value));
    }
    const response = await super.request(method, path, options);
    for (const line of response.setCookies) {
      const value = line.slice(line.indexOf('=') + 1).split(';', 1)[0]!;
      if (value === '') continue;
      if (line.startsWith(`${DEVICE_COOKIE}=`))
        this.harvest.keep("a device token's signature", value.split('.').at(-1)!);
      else this.harvest.keepToken('a cookie', value);
    }
    if (response.status >= 300 || response.body?.accessToken === undefined) {
      this.harvest.read('a response', response.status, response.body);
    } else {
      const { accessToken, ...rest } = response.body as { accessToken: string };
      this.harvest.keepToken('an access token', accessToken);
      this.harvest.read('a response', response.status, rest);
    }
    const headers = [...response.headers].filter(([name]) => name !== 'set-cookie');
    this.harvest.read('headers', headers);
    return response;
  }
}
