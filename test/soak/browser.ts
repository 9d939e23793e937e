import { setTimeout as pause } from 'node:timers/promises';
import { CookieJar } from 'tough-cookie';
import type { HttpResponse } from '../harness/http-client.js';
import { PASSWORD } from '../harness/test-secrets.js';
import { COOKIE, type Checker, type Question } from './checker.js';
import type { Clockwork } from './clockwork.js';
import type { Figures } from './figures.js';
import { randomBetween, continuesAfter, type Gate } from './loop-control.js';
import type { Traffic } from './traffic.js';

export interface Surroundings {
  traffic: Traffic;
  checker: Checker;
  clockwork: Clockwork;
  figures: Figures;
  /** Only this many browsers work at once, so that a slow machine makes the soak slower, but its requests not late. */
  gate: Gate;
}

const LONGEST_PAUSE_MS = 800;
const LOGOUTS = 0.03;
const MOST_TABS = 3;
/** The jar doesn't distinguish ports, so one address is used for all instances. */
const ORIGIN = 'http://127.0.0.1/';

/** An honest user's browser: one cookie jar, and tabs that refresh at the same time. */
export class Browser {
  readonly #jar = new CookieJar();
  #doing: Promise<unknown> = Promise.resolve();
  #isAsleep = false;
  /** Whether its user may end the session: not while a thief uses it. */
  mayLogOut = true;

  constructor(
    readonly username: string,
    private readonly world: Surroundings,
  ) {}

  async live(signal: AbortSignal): Promise<void> {
    while (await continuesAfter(randomBetween(0, LONGEST_PAUSE_MS), signal)) {
      await this.world.gate.through(async () => {
        if (this.#isAsleep || signal.aborted) return;
        this.#doing = this.#doSomething();
        await this.#doing;
      });
    }
  }

  /** Like a closed laptop: sends nothing until it wakes. */
  async sleep(): Promise<void> {
    this.#isAsleep = true;
    await this.#doing;
  }

  wake(): void {
    this.#isAsleep = false;
  }

  async token(): Promise<string | null> {
    const cookies = await this.#jar.getCookies(ORIGIN);
    return cookies.find(({ key }) => key === COOKIE)?.value ?? null;
  }

  async signIn(): Promise<void> {
    const body = { username: this.username, password: PASSWORD };
    const response = await this.world.traffic.insist('/auth/login', async () => ({
      body,
      cookie: '',
    }));
    if (response.status !== 200) this.world.checker.surprise('login', response);
    this.world.figures.logins += 1;
    await this.#keepCookies(response);
  }

  /**
   * One tab's refresh. When the network fails it sends the same cookie again, as a browser does by itself on a dead
   * connection, or the cookie that another tab has received since.
   */
  async refresh(): Promise<HttpResponse | null> {
    const { traffic, checker, clockwork, figures } = this.world;
    return clockwork.during(async () => {
      const first = await this.token();
      if (first === null) return null;
      let call: Question | undefined;
      let tries = 0;
      const response = await traffic.insist('/auth/refresh', async () => {
        tries += 1;
        const token = tries === 1 || Math.random() < 0.5 ? first : ((await this.token()) ?? first);
        call = checker.question(token);
        return { cookie: `${COOKIE}=${token}` };
      });
      await this.#keepCookies(response);
      checker.hear(call!, response);
      if (tries > 1) figures.repaired += 1;
      return response;
    });
  }

  async #doSomething(): Promise<void> {
    if ((await this.token()) === null) await this.signIn();
    else if (this.mayLogOut && Math.random() < LOGOUTS) await this.#logOutAndIn();
    else await this.#refreshInTabs(Math.ceil(randomBetween(0, MOST_TABS)));
  }

  async #refreshInTabs(tabs: number): Promise<void> {
    await Promise.all(
      Array.from({ length: tabs }, async (_, i) => {
        // Half of them at once, half of them while the others are on their way.
        if (i % 2 === 1) await pause(randomBetween(0, 100));
        await this.refresh();
      }),
    );
  }

  /**
   * Logs out while a tab still refreshes; the result of that refresh must be dead afterwards. The next login waits,
   * because an old session's late response could delete the new one's cookie in any browser.
   */
  async #logOutAndIn(): Promise<void> {
    const { traffic, checker, figures } = this.world;
    const token = (await this.token())!;
    checker.expectEnd(token);
    const [response] = await Promise.all([
      traffic.insist('/auth/logout', async () => ({ cookie: `${COOKIE}=${token}` })),
      this.#refreshInTabs(1),
    ]);
    await this.#keepCookies(response);
    if (response.status !== 204) checker.surprise('logout', response);
    checker.confirmEnd(token);
    figures.logouts += 1;
    await this.#jar.setCookie(`${COOKIE}=${checker.newestOf(token)}; Path=/`, ORIGIN);
    await this.refresh();
    await this.signIn();
  }

  async #keepCookies({ setCookies }: HttpResponse): Promise<void> {
    for (const line of setCookies) await this.#jar.setCookie(line, ORIGIN);
  }
}
