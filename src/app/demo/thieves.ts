import { randomUUID } from 'node:crypto';
import { Injectable, NotFoundException } from '@nestjs/common';
import { PlayedBrowser, type PlayedSite } from './played-browser.js';

export interface ThiefResponse {
  status: number;
  code: string | null;
}

/** Thieves who copied a refresh cookie. */
@Injectable()
export class Thieves {
  readonly #browsers = new Map<string, PlayedBrowser>();

  /** @returns the name of a new thief with this refresh token */
  equip(site: PlayedSite, token: string): string {
    const thief = randomUUID();
    this.#browsers.set(thief, new PlayedBrowser(site, 'Thief', new Map([[site.cookie, token]])));
    return thief;
  }

  /** The thief sends his token, and keeps the one he receives. */
  async refresh(thief: string): Promise<ThiefResponse> {
    const browser = this.#browsers.get(thief);
    if (browser === undefined) throw new NotFoundException('There is no such thief.');
    const { status, code } = await browser.refresh();
    return { status, code };
  }
}
