import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { AuthClientOptions, AuthState } from '../../src/client/index.js';
import { COOKIE, PASSWORD } from '../harness/test-app.js';
import type { PageScope } from './page.js';

// The page has these in its global scope.
declare const auth: PageScope['auth'];
declare const startClient: PageScope['startClient'];
declare let clockError: PageScope['clockError'];
declare let ticks: PageScope['ticks'];

export interface WindowOptions {
  /** The features that the browser lacks. */
  without?: ('locks' | 'BroadcastChannel')[];
  /** How wrong the clock is, in milliseconds. */
  clockError?: number;
}

/** A browser with its own cookies. */
export async function openWindow(
  browser: Browser,
  url: string,
  options?: WindowOptions,
): Promise<Window> {
  return windowIn(await browser.newContext(), url, options);
}

export async function windowIn(
  context: BrowserContext,
  url: string,
  { without = [], clockError: error = 0 }: WindowOptions = {},
): Promise<Window> {
  await context.addInitScript(
    ({ missing, wrongBy }) => {
      const scope = globalThis as unknown as PageScope & { BroadcastChannel?: unknown };
      const right = Date.now;
      scope.clockError = wrongBy;
      Date.now = () => right() + scope.clockError;
      if (missing.includes('BroadcastChannel')) delete scope.BroadcastChannel;
      if (missing.includes('locks')) {
        const { navigator } = scope as unknown as { navigator: object };
        Object.defineProperty(navigator, 'locks', { value: undefined });
      }
    },
    { missing: without as string[], wrongBy: error },
  );
  return new Window(context, url);
}

export class Window {
  constructor(
    readonly context: BrowserContext,
    readonly url: string,
  ) {}

  /** A tab with a started client; with null the test starts it. */
  async tab(options: AuthClientOptions | null = {}): Promise<Tab> {
    const page = await this.context.newPage();
    await page.goto(`${this.url}/page`);
    const tab = new Tab(page);
    if (options) await tab.start(options);
    return tab;
  }

  tabs(count: number, options: AuthClientOptions = {}): Promise<Tab[]> {
    return Promise.all(Array.from({ length: count }, () => this.tab(options)));
  }

  /** The refresh token, which no page can see. */
  async cookie(): Promise<string | undefined> {
    return (await this.context.cookies()).find(({ name }) => name === COOKIE)?.value;
  }

  close(): Promise<void> {
    return this.context.close();
  }
}

export class Tab {
  constructor(readonly page: Page) {}

  start(options: AuthClientOptions = {}): Promise<void> {
    return this.page.evaluate((given) => startClient(given as AuthClientOptions), options);
  }

  async register(username: string): Promise<void> {
    const credentials = { username, password: PASSWORD };
    await this.page.evaluate((given) => auth.register(given), credentials);
  }

  async login(username: string): Promise<void> {
    const credentials = { username, password: PASSWORD };
    await this.page.evaluate((given) => auth.login(given), credentials);
  }

  async logout(options: { everywhere?: boolean } = {}): Promise<void> {
    await this.page.evaluate((given) => auth.logout(given), options);
  }

  /** The status of a guarded route's response, or the code of the error. */
  fetch(path = '/guarded'): Promise<number | string> {
    return this.page.evaluate(
      (url) =>
        auth.fetch(url).then(
          ({ status }) => status,
          ({ code, name }: { code?: string; name: string }) => code ?? name,
        ),
      path,
    );
  }

  /** The user whom the server recognizes. */
  async whoAmI(): Promise<string> {
    return this.page.evaluate(async () => {
      const { id } = (await (await auth.fetch('/auth/me')).json()) as { id: string };
      return id;
    });
  }

  ready(): Promise<AuthState> {
    return this.page.evaluate(() => auth.ready());
  }

  state(): Promise<AuthState> {
    return this.page.evaluate(() => auth.getState());
  }

  refresh(): Promise<string | undefined> {
    return this.page.evaluate(() => auth.refresh());
  }

  /** How many hold the lock, and how many wait for it. */
  locks(): Promise<{ held: number; pending: number }> {
    return this.page.evaluate(async () => {
      const { navigator } = globalThis as unknown as {
        navigator: { locks: { query(): Promise<{ held: unknown[]; pending: unknown[] }> } };
      };
      const { held, pending } = await navigator.locks.query();
      return { held: held.length, pending: pending.length };
    });
  }

  /** Resolves when the state has this status. */
  async untilState(status: AuthState['status']): Promise<void> {
    await this.page.waitForFunction((wanted) => auth.getState().status === wanted, status);
  }

  /** Sets the clock as if the machine had slept for this long. */
  async sleep(ms: number): Promise<void> {
    await this.page.evaluate((slept) => {
      clockError += slept;
    }, ms);
  }

  /** No timer runs in it until it thaws. */
  async freeze(): Promise<{ thaw(): Promise<void> }> {
    const session = await this.page.context().newCDPSession(this.page);
    await this.page.evaluate(() => {
      ticks = 0;
      setInterval(() => (ticks += 1), 10);
    });
    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    for (let before = -1, now = 0; now > before;) {
      before = now;
      await new Promise((resolve) => {
        setTimeout(resolve, 100);
      });
      now = await this.page.evaluate(() => ticks);
    }
    return {
      async thaw() {
        await session.send('Page.setWebLifecycleState', { state: 'active' });
      },
    };
  }

  async crash(): Promise<void> {
    const crashed = this.page.waitForEvent('crash');
    this.page.goto('chrome://crash').catch(() => {});
    await crashed;
  }
}
