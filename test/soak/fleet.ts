import { once } from 'node:events';
import { startAppProcess, type AppProcess } from '../harness/app-process.js';
import { startTcpProxy, type TcpProxy } from '../harness/tcp-proxy.js';
import type { Figures } from './figures.js';

/** One process of the app, with the proxies before and behind it, which outlive it. */
export interface Instance {
  /** Null while it is down. */
  app: AppProcess | null;
  /** The port to which `front` leads: a restarted process has a new one. */
  readonly target: { host: string; port: number };
  readonly front: TcpProxy;
  /** Null where the database is a file. */
  readonly database: TcpProxy | null;
  readonly databaseUrl: string;
}

/** The processes of an app on one database, whose clocks are set together. */
export class Fleet {
  readonly instances: Instance[] = [];
  #aheadMs = 0;
  /** Processes are killed, joined and turned one after the other, so that no clock is left behind. */
  #last: Promise<unknown> = Promise.resolve();
  #isClosing = false;

  private constructor(
    private readonly environment: Record<string, string>,
    private readonly figures: Figures,
  ) {}

  static async start(
    count: number,
    databaseUrl: string,
    environment: Record<string, string>,
    figures: Figures,
  ): Promise<Fleet> {
    const fleet = new Fleet(environment, figures);
    try {
      for (let i = 0; i < count; i += 1) fleet.instances.push(await behindProxies(databaseUrl));
      await Promise.all(fleet.instances.map((instance) => fleet.#boot(instance)));
    } catch (error) {
      await fleet.close();
      throw error;
    }
    return fleet;
  }

  /** No process's clock is behind this. */
  now(): number {
    return Date.now() + this.#aheadMs;
  }

  /** Turns the clocks of all processes forward. */
  advance(milliseconds: number): Promise<void> {
    return this.#afterOthers(async () => {
      const living = this.instances.flatMap(({ app }) => app ?? []);
      await Promise.all(living.map((app) => advanced(app, milliseconds)));
      this.#aheadMs += milliseconds;
    });
  }

  /** Kills a process during its work, and starts another in its place. */
  async replace(instance: Instance): Promise<void> {
    await this.#afterOthers(async () => {
      const { app } = instance;
      instance.app = null;
      await app?.kill();
      instance.front.cut();
    });
    await this.#boot(instance);
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    await Promise.all(
      this.instances.map(async ({ app, front, database }) => {
        await app?.stop();
        await front.close();
        await database?.close();
      }),
    );
  }

  async #boot(instance: Instance): Promise<void> {
    const app = await startAppProcess({
      databaseUrl: instance.databaseUrl,
      environment: this.environment,
    });
    app.process.once('exit', (code, signal) => {
      if (instance.app !== app || this.#isClosing) return;
      this.figures.crashes.push(`ended with ${code ?? signal}: ${app.output()}`);
    });
    await this.#afterOthers(async () => {
      // Only now, because at boot the app compares its clock with the database's.
      await advanced(app, this.#aheadMs);
      instance.app = app;
      instance.target.port = Number(new URL(app.url).port);
      instance.front.heal();
    });
  }

  #afterOthers<T>(action: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(action);
    this.#last = turn.catch(() => {});
    return turn;
  }
}

async function behindProxies(databaseUrl: string): Promise<Instance> {
  const target = { host: '127.0.0.1', port: 0 };
  const front = await startTcpProxy(target);
  front.cut();
  if (databaseUrl.startsWith('sqlite:')) {
    return { app: null, target, front, database: null, databaseUrl };
  }
  const url = new URL(databaseUrl);
  const database = await startTcpProxy({ host: url.hostname, port: Number(url.port || 5432) });
  url.host = `127.0.0.1:${database.port}`;
  return { app: null, target, front, database, databaseUrl: url.href };
}

/** A process that dies meanwhile doesn't respond any more. */
async function advanced(app: AppProcess, milliseconds: number): Promise<void> {
  const exit = new AbortController();
  await Promise.race([
    app.advance(milliseconds),
    once(app.process, 'exit', { signal: exit.signal }).catch(() => {}),
  ]);
  exit.abort();
}
