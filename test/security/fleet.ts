import type { AuthModuleOptions } from 'nestjs-refresh-auth';
import type { DatabaseKind, TestDatabase } from '../harness/databases.js';
import { FakeClock } from '../harness/fake-clock.js';
import { cookieSetBy, HttpClient } from '../harness/http-client.js';
import { COOKIE, startTestApp, type TestApp } from '../harness/test-app.js';

interface Instance {
  test: TestApp;
  /** Requests under way. */
  busy: number;
}

/** Instances on one database behind a load balancer, which are restarted one by one, as an operator would do. */
export class Fleet {
  readonly clock = new FakeClock();
  readonly #instances: Instance[] = [];
  #turn = 0;

  private constructor(
    private readonly kind: DatabaseKind,
    private readonly database: TestDatabase,
  ) {}

  static async start(
    kind: DatabaseKind,
    size: number,
    options: Partial<AuthModuleOptions>,
  ): Promise<Fleet> {
    const fleet = new Fleet(kind, await kind.create());
    for (let i = 0; i < size; i += 1) await fleet.#add(options);
    return fleet;
  }

  /** Sends a request to the next instance in turn. */
  async send<T>(request: (test: TestApp) => Promise<T>): Promise<T> {
    const instance = this.#instances[(this.#turn += 1) % this.#instances.length]!;
    instance.busy += 1;
    try {
      return await request(instance.test);
    } finally {
      instance.busy -= 1;
    }
  }

  /** Removes the oldest instance, lets it finish, and adds a new one. */
  async replaceOne(options: Partial<AuthModuleOptions>): Promise<void> {
    const oldest = this.#instances.shift()!;
    while (oldest.busy > 0) await new Promise((resolve) => setImmediate(resolve));
    await oldest.test.close();
    await this.#add(options);
  }

  async replaceAll(options: Partial<AuthModuleOptions>): Promise<void> {
    for (let left = this.#instances.length; left > 0; left -= 1) await this.replaceOne(options);
  }

  async stop(): Promise<void> {
    for (const { test } of this.#instances) await test.close();
    await this.database.drop();
  }

  async #add(options: Partial<AuthModuleOptions>): Promise<void> {
    const { kind, clock } = this;
    const databaseUrl = this.database.url;
    const test = await startTestApp({ database: kind, databaseUrl, clock, options });
    this.#instances.push({ test, busy: 0 });
  }
}

/** A user who refreshes and uses the new token, again and again. */
export class Visitor {
  /** The names of the keys that signed the user's tokens, in order. */
  readonly kids = { access: new Set<string>(), refresh: new Set<string>() };
  readonly refusals: string[] = [];
  visits = 0;
  #refreshToken = '';

  constructor(private readonly fleet: Fleet) {}

  async arrive(): Promise<void> {
    const { client } = await this.fleet.send((test) => test.loggedIn());
    this.#refreshToken = (await client.cookie(COOKIE))!;
  }

  async visit(): Promise<void> {
    const cookie = `${COOKIE}=${this.#refreshToken}`;
    const response = await this.fleet.send(({ url }) =>
      new HttpClient(url).post('/auth/refresh', { cookie }),
    );
    this.visits += 1;
    if (response.status !== 200) {
      this.refusals.push(`refresh ${response.status} ${response.body?.code}`);
      return;
    }
    this.#refreshToken = cookieSetBy(response, COOKIE) ?? this.#refreshToken;
    const bearer = response.body.accessToken as string;
    this.kids.access.add(kidOf(bearer));
    this.kids.refresh.add(kidOf(this.#refreshToken));
    const guarded = await this.fleet.send(({ url }) =>
      new HttpClient(url).get('/guarded', { bearer }),
    );
    if (guarded.status !== 200)
      this.refusals.push(`guarded ${guarded.status} ${guarded.body?.code}`);
  }
}

function kidOf(token: string): string {
  const header = Buffer.from(token.split('.')[0]!, 'base64url').toString();
  return (JSON.parse(header) as { kid: string }).kid;
}
