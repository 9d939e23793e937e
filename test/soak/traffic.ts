import { setTimeout as pause } from 'node:timers/promises';
import { HttpClient, type HttpResponse, type HttpRequestOptions } from '../harness/http-client.js';
import type { Figures } from './figures.js';
import type { Instance } from './fleet.js';
import { randomBetween, randomElementOf } from './loop-control.js';

/** The load balancer and the network: a request goes to any instance, seldom to one that is down. */
export class Traffic {
  readonly #ways: { instance: Instance; client: HttpClient }[];

  constructor(
    instances: readonly Instance[],
    private readonly figures: Figures,
  ) {
    this.#ways = instances.map((instance) => ({
      instance,
      client: new HttpClient(`http://127.0.0.1:${instance.front.port}`),
    }));
  }

  /** Sends a request until the response is no 503, as a good client does; makes its content anew each time. */
  async insist(path: string, optionsNow: () => Promise<HttpRequestOptions>): Promise<HttpResponse> {
    for (;;) {
      const response = await this.#post(path, await optionsNow());
      if (response !== null && response.status !== 503) return response;
      await pause(randomBetween(20, 150));
    }
  }

  /** The response, or null if the network failed. */
  async #post(path: string, options: HttpRequestOptions): Promise<HttpResponse | null> {
    this.figures.requests += 1;
    try {
      const response = await this.#anyClient().post(path, { ...options, loseResponse: true });
      if (response.status === 503) this.figures.unavailable += 1;
      return response;
    } catch (error) {
      if (!/^(fetch failed|terminated)$/.test((error as Error).message)) throw error;
      this.figures.networkErrors += 1;
      return null;
    }
  }

  #anyClient(): HttpClient {
    const [first, second] = [randomElementOf(this.#ways), randomElementOf(this.#ways)];
    return (first.instance.app === null ? second : first).client;
  }
}
